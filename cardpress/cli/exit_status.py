"""How a command ends."""

from enum import IntEnum


class ExitStatus(IntEnum):
    """What a command tells the shell."""

    CLEAN = 0
    # Errors in the deck, warnings under --strict, an update that would cost a learner something.
    PROBLEMS = 1
    WRONG_USAGE = 2
    # The disk's, the network's or ours; not the author's.
    FAILURE = 3
    # 128 and the number of the signal that Ctrl-C sends, as shells have it.
    INTERRUPTED = 130
