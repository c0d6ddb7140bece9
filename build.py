"""The script to run: `python3 build.py` makes everything in dist/, `python3 build.py test` runs the tests.

The first run makes a virtual environment in .venv. `python3 build.py --help` lists the other commands.
"""

import sys

if sys.version_info < (3, 11):
    this = "%d.%d (%s)" % (sys.version_info[:2] + (sys.executable,))
    sys.stderr.write("cardpress: Python 3.11 or newer is needed; this is " + this + "\n")
    sys.exit(3)

from pathlib import Path

# `python -I` and PYTHONSAFEPATH leave out the folder of the script, and a link to it is in another folder.
sys.path.insert(0, str(Path(__file__).resolve().parent))

from cardpress.bootstrap import enter

if __name__ == "__main__":
    sys.exit(enter(sys.argv[1:]))
