"""The command `cardpress`, and `python -m cardpress`: the command line, in any environment that has the packages."""

import sys

from cardpress.bootstrap import SetupError, import_command_line
from cardpress.cli.exit_status import ExitStatus


def main(program: str = "cardpress") -> int:
    """Run the command line and return its exit status. `program` is what people typed to start it."""
    try:
        run = import_command_line()
    except SetupError as error:
        sys.stderr.write(f"cardpress: {error}\n")
        return ExitStatus.FAILURE
    return run(sys.argv[1:], program=program)


if __name__ == "__main__":
    sys.exit(main("python -m cardpress"))
