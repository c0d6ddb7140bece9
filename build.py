"""The front door: `python3 build.py` makes everything in dist/, `python3 build.py test` runs the tests.

The first run makes its own environment in .venv; `python3 build.py --help` lists the rest.
"""

import sys

if sys.version_info < (3, 11):
    sys.exit("cardpress needs Python 3.11 or newer; this is %d.%d (%s)" % (sys.version_info[:2] + (sys.executable,)))

from cardpress.front_door import enter

if __name__ == "__main__":
    sys.exit(enter(sys.argv[1:]))
