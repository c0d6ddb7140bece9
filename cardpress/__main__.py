"""`python -m cardpress`: the command line, in any environment that has the packages of requirements.txt."""

import sys

from cardpress.bootstrap import SetupError, import_command_line
from cardpress.cli.exit_status import ExitStatus


def main() -> int:
    """Run the command line and return its exit status."""
    try:
        run = import_command_line()
    except SetupError as error:
        sys.stderr.write(f"cardpress: {error}\n")
        return ExitStatus.FAILURE
    return run(sys.argv[1:], program="python -m cardpress")


if __name__ == "__main__":
    sys.exit(main())
