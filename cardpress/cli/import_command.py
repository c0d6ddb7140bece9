"""The command `import`, which makes a project of a deck that was made elsewhere."""

from __future__ import annotations

import errno
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from cardpress.cli.console import Console, report, say
from cardpress.cli.exit_status import ExitStatus
from cardpress.cli.program import Command, get_program
from cardpress.cli.reports import find_folder, name_project
from cardpress.diagnostics import Diagnostic, has_errors
from cardpress.diagnostics.codes import Severity
from cardpress.diagnostics.visible import make_visible
from cardpress.disk.new_files import OccupiedError
from cardpress.wording import say_count

if TYPE_CHECKING:
    from cardpress.adopt.adopted import Adopted
    from cardpress.adopt.making import Made

# What a system says of a path that no folder can have.
_NO_PATH = (errno.ENAMETOOLONG, errno.EINVAL, errno.ENOTDIR, errno.EILSEQ)
# Remarks that the end of the command tells, and characters of a line; the report has all of them.
_MOST_TOLD, _LONGEST = 5, 300
# What to do at the end, with a project that can be released, and with one whose rehearsal failed.
_NEXT = "next: `cardpress serve`, then `cardpress release 1.0.0`"
_BROKEN = (
    "the rehearsal failed, and a release would be refused: mend in source/ what the rehearsal names above, "
    "until `cardpress rehearse` has nothing to say"
)


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
        _refuse(f"{source} cannot be taken over: {error}")
    except OccupiedError as error:
        _refuse(f"{error}; name a folder that is new or empty")
    except OSError as error:
        if error.errno not in _NO_PATH:
            raise
        _refuse(f"there can be no folder {folder} ({error.strerror})")
    _tell(made.adopted, folder)
    _tell_problems(made.diagnostics, folder, has_advice=made.adopted.plan is None)
    if has_errors(made.diagnostics):
        sys.exit(ExitStatus.PROBLEMS)
    status = _rehearse(made, folder) if rehearse else int(ExitStatus.CLEAN)
    for step in made.adopted.next_steps:
        say(step)
    say(name_project(_NEXT if status == ExitStatus.CLEAN else _BROKEN, folder))
    sys.exit(status)


def _make(source: Path, folder: Path, language: str) -> Made:
    from cardpress.adopt.making import write_project  # which help and completion do not need
    from cardpress.adopt.sources import adopt, name_source
    from cardpress.adopt.wishes import Wish
    from cardpress.disk.new_files import list_beside
    from cardpress.new_project import BESIDE
    from cardpress.new_project import name_project as name_new
    from cardpress.progress import stage

    list_beside(folder, BESIDE)
    deck_id, title = name_new(folder.resolve().name)
    wish = Wish(deck_id, name_source(source.absolute()) or title, language, datetime.now(UTC).date().isoformat())
    with Console(stages=3) as console:
        with stage(console, "read"):
            adopted = adopt(source, wish)
        return write_project(folder, adopted, console)


def _refuse(why: str) -> NoReturn:
    """Say in one line why there is no project, and end the command."""
    say(f"{get_program()}: {make_visible(why)}", to_stderr=True)
    sys.exit(ExitStatus.WRONG_USAGE)


def _tell_problems(diagnostics: Sequence[Diagnostic], folder: Path, *, has_advice: bool) -> None:
    """Say what `check` says of the project: errors as it does, and how many warnings there are.

    Advice on a deck that is studied as it is was not asked for.
    """
    errors = [each for each in diagnostics if each.severity is Severity.ERROR]
    if errors:
        report(errors, folder)
    counts = Counter(each.code for each in diagnostics if each.severity is not Severity.ERROR)
    if counts:
        codes = ", ".join(f"{count:,} {code}" for code, count in counts.most_common())
        warnings = say_count(counts.total(), "warning")
        more = "" if has_advice else "; it has advice, too"
        say(name_project(f"`cardpress check` tells {warnings}: {codes}{more}", folder))


def _cut(line: str) -> str:
    """Return a line without most of a long one: the report has it whole."""
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST].rstrip()}…"


def _tell(adopted: Adopted, folder: Path) -> None:
    """Say what was taken over, and what was not: what is the same of many notes in one line."""
    from cardpress.adopt.adopted import group_losses

    say(f"{folder}: the deck “{adopted.title}”, made from {adopted.form}")
    for line in adopted.taken:
        say(f"  {_cut(line)}")
    if adopted.losses:
        count = len(adopted.losses)
        say(f"{say_count(count, 'thing')} {'is' if count == 1 else 'are'} not as in the source:")
        groups = sorted(group_losses(adopted.losses).items(), key=lambda each: -len(each[1]))
        for what, losses in groups[:_MOST_TOLD]:
            more = f" and {len(losses) - 1:,} more" if len(losses) > 1 else ""
            where = f"{losses[0].where}{more}: " if losses[0].where else ""
            say(f"  {_cut(f'{where}{what}')}")
        if len(groups) > _MOST_TOLD:
            say(f"  … and {say_count(len(groups) - _MOST_TOLD, 'more remark')}")
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
    finally:
        if made.adopted.is_from_crowdanki:
            say("these learners had the package that import made of the folder; CrowdAnki's own importer was not run")
    return ExitStatus.CLEAN
