"""The exit statuses of commands."""

from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType


class ExitStatus(IntEnum):
    """How a command ended."""

    CLEAN = 0
    PROBLEMS = 1
    WRONG_USAGE = 2
    FAILURE = 3
    # 128 and the number of SIGINT, which is what a shell reports for a program that Ctrl-C ended.
    INTERRUPTED = 130


# What each means to whoever runs a command.
MEANINGS: Mapping[ExitStatus, str] = MappingProxyType(
    {
        ExitStatus.CLEAN: "clean",
        ExitStatus.PROBLEMS: "problems found, warnings too under `--strict`; or a release was refused",
        ExitStatus.WRONG_USAGE: "wrong usage: no such command, option or folder",
        ExitStatus.FAILURE: "a failure that is not the author's, such as a full disk",
        ExitStatus.INTERRUPTED: "stopped with Ctrl-C; the outputs are as they were",
    }
)
