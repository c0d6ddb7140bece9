"""The exit statuses of the commands."""

from enum import IntEnum


class ExitStatus(IntEnum):
    """What a command returns to the shell."""

    CLEAN = 0
    # Errors in the deck, warnings under --strict, an update that would cost a learner something.
    PROBLEMS = 1
    WRONG_USAGE = 2
    # A failure of the disk, the network or the engine, not a mistake of the author.
    FAILURE = 3
    # Ctrl-C sends signal 2, SIGINT. Shells report a signal as 128 plus its number.
    INTERRUPTED = 130
