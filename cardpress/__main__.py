"""The command `cardpress`, and `python -m cardpress`: the command line, in any environment that has the packages."""

import sys

# With -m, Python looks for modules in the present folder first, which may be a stranger's project with a json.py in it.
if __name__ == "__main__" and not sys.flags.safe_path and sys.path[0] != __file__[: -len("/cardpress/__main__.py")]:
    del sys.path[0]

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
