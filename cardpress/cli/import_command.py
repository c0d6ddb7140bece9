"""The command `import`, which makes a project of a deck that was made elsewhere."""

from __future__ import annotations

import errno
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cardpress.cli.console import Console, report, say
from cardpress.cli.exit_status import ExitStatus
from cardpress.cli.program import Command
from cardpress.cli.reports import find_folder, name_project
from cardpress.diagnostics import has_errors
from cardpress.disk.new_files import OccupiedError
from cardpress.wording import say_count

if TYPE_CHECKING:
    from cardpress.adopt.adopted import Adopted
    from cardpress.adopt.making import Made

# What a system says of a path that no folder can have.
_NO_PATH = (errno.ENAMETOOLONG, errno.EINVAL, errno.ENOTDIR, errno.EILSEQ)
# Losses that the end of the command names; the report has all of them.
_MOST_TOLD = 5


@click.command(
    "import",
    cls=Command,
    short_help="Make a project of a deck that was made elsewhere.",
    epilog="Example: cardpress import ~/Downloads/Spanish.apkg spanish --rehearse",
)
@click.argument("source", metavar="SOURCE", type=click.Path(path_type=Path))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--language", metavar="TAG", default="", help="The language of the deck, such as `es` or `pt-BR`.")
@click.option(
    "--rehearse", is_flag=True, help="Import the result over SOURCE in the real Anki, and fail if anything is lost."
)
def import_deck(*, source: Path, folder: Path, language: str, rehearse: bool) -> None:
    """Make a project in DIR, which is new or empty, of SOURCE: an Anki package (.apkg), a CrowdAnki folder, a text that
    Anki or a spreadsheet exported (.txt, .csv, .tsv), or Markdown (.md, or a folder of such files).

    Whoever studies an Anki deck keeps everything: the next release is an update of what they have. What was taken over,
    and what was not, stands in DIR/import-report.md. SOURCE stays as it is.
    """
    from cardpress.anki.original import OriginalError
    from cardpress.source.languages import is_language

    if language and not is_language(language):
        raise click.BadParameter(f"{language} is no language tag, such as `es` or `pt-BR`", param_hint="--language")
    try:
        made = _make(source, folder, language)
    except OriginalError as error:
        raise click.BadParameter(f"{source} cannot be taken over: {error}", param_hint="SOURCE") from error
    except OccupiedError as error:
        raise click.BadParameter(f"{error}; name a folder that is new or empty", param_hint="DIR") from error
    except OSError as error:
        if error.errno not in _NO_PATH:
            raise
        raise click.BadParameter(f"there can be no folder {folder} ({error.strerror})", param_hint="DIR") from error
    _tell(made.adopted, folder)
    if made.diagnostics:
        report(made.diagnostics, folder)
    if has_errors(made.diagnostics):
        sys.exit(ExitStatus.PROBLEMS)
    status = _rehearse(made, folder) if rehearse else int(ExitStatus.CLEAN)
    for step in made.adopted.next_steps:
        say(step)
    say(name_project("next: `cardpress serve`, then `cardpress release 1.0.0`", folder))
    sys.exit(status)


def _make(source: Path, folder: Path, language: str) -> Made:
    from cardpress.adopt.making import write_project  # which help and completion do not need
    from cardpress.adopt.sources import adopt
    from cardpress.adopt.wishes import Wish
    from cardpress.disk.new_files import list_beside
    from cardpress.new_project import BESIDE
    from cardpress.new_project import name_project as name_new
    from cardpress.progress import stage

    list_beside(folder, BESIDE)
    deck_id, title = name_new(folder.resolve().name)
    wish = Wish(deck_id, title, language, datetime.now(UTC).date().isoformat())
    with Console(stages=3) as console:
        with stage(console, "read"):
            adopted = adopt(source, wish)
        return write_project(folder, adopted, console)


def _tell(adopted: Adopted, folder: Path) -> None:
    """Say what was taken over, and what was not."""
    say(f"{folder}: the deck “{adopted.title}”, made from {adopted.form}")
    for line in adopted.taken:
        say(f"  {line}")
    if adopted.losses:
        count = len(adopted.losses)
        say(f"{say_count(count, 'thing')} {'is' if count == 1 else 'are'} not as in the source:")
        for loss in adopted.losses[:_MOST_TOLD]:
            say(f"  {loss.where}: {loss.what}" if loss.where else f"  {loss.what}")
    named = find_folder(folder)
    say(f"more: {f'{named}/' if named else ''}import-report.md")


def _rehearse(made: Made, folder: Path) -> int:
    """Rehearse the project over what learners have, and return the exit status."""
    from cardpress.cli.release_commands import rehearse_update

    if made.adopted.plan is None:
        say("nobody has these notes in Anki yet, so there is nothing to rehearse over")
        return ExitStatus.CLEAN
    try:
        click.get_current_context().invoke(rehearse_update, project=folder, out=None, old_package=None, ways=())
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else ExitStatus.FAILURE
    return ExitStatus.CLEAN
