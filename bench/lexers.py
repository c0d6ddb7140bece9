"""Measures how long Pygments' lexers take for texts that make regular expressions slow.

Run: .venv/bin/python bench/lexers.py [CHARACTERS [NAME …]]     (all lexers, 2,000 characters, in about ten minutes)

`cardpress/markdown/lexers.py` has what follows from it. A lexer that takes more than 100 microseconds a character is
named, with the pattern that it is slow for. Processor time is measured, so that other work changes little.
"""

from __future__ import annotations

import signal
import sys
import time
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from pygments.lexers import get_all_lexers, get_lexer_by_name

from cardpress.markdown.lexers import find_longest

# What is repeated.
PATTERNS = (
    *("{ ( [ < a \\ \" ' ` # / /* // -- <!-- a( a. a: a= 0 $ @ % %{ = : ; & | a, a< ${ #{ {{ <% <? ''".split()),
    *('- + * ~ ^ _ é $( a{ [a a] <a> a- . .. 0x 1e r# q{ %( x\' :: -> ""'.split()),
    *(
        " ",
        "\n",
        "\t",
        "\r",
        "a ",
        "a b ",
        "\\\n",
        "a\\\n",
        " \n",
        "\t\n",
        "a\n",
        "a:\n",
        "a =\n",
        "a[\n",
        "a\t",
        "<a ",
    ),
)
_SLOW = 100e-6


class _StopError(Exception):
    """Raised when a measurement takes too long."""


def _stop(*_: object) -> None:
    raise _StopError


def measure(name: str, characters: int) -> tuple[float, str]:
    """Return the longest time in seconds that a lexer takes for so many characters, and the pattern. It ends early."""
    lexer = get_lexer_by_name(name, stripnl=False)
    worst = 0.0, ""
    for pattern in PATTERNS:
        code = (pattern * characters)[:characters]
        started = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, 4 * _SLOW * characters)
        try:
            for _ in lexer.get_tokens(code):
                pass
        except Exception as error:
            # A lexer that is stopped while it loads another says so in its own words.
            if not isinstance(error, _StopError) and time.process_time() - started < _SLOW * characters:
                raise
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        worst = max(worst, (time.process_time() - started, pattern))
        if worst[0] > 2 * _SLOW * characters:
            break
    return worst


def main() -> None:
    """Measure lexers, and print those that are slow."""
    warnings.simplefilter("ignore")
    signal.signal(signal.SIGPROF, _stop)
    characters = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    names = sys.argv[2:] or sorted(aliases[0] for _, aliases, _, _ in get_all_lexers() if aliases)
    for name in names:
        length = min(characters, find_longest(name))
        seconds, pattern = measure(name, length)
        if seconds > _SLOW * length:
            print(f"{name:20} {length:6} characters {seconds:6.2f} s for {pattern!r}", flush=True)


if __name__ == "__main__":
    main()
