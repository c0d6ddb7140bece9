"""The command `init`, which makes a new project."""

from __future__ import annotations

import errno
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from cardpress.cli.console import say
from cardpress.cli.exit_status import ExitStatus
from cardpress.cli.program import Command
from cardpress.cli.reports import name_project
from cardpress.cli.words import OneOf
from cardpress.disk.new_files import OccupiedError, list_beside
from cardpress.wording import join_words, say_count

# The kinds of decks that a project can begin as, and what a shell says of each. The first is for who names none.
TEMPLATES = {
    "basic": "questions and answers",
    "words": "words of a language",
    "table": "questions in a table",
    "interview": "questions of interviews",
}
# What a deck needs of files that git reads, where an author has written them.
_NEEDS = {
    ".gitattributes": "write `dist/** -text` into .gitattributes",
    ".gitignore": "see that .gitignore does not name dist/",
}
# What a system says of a path that no folder can have.
_NO_PATH = (errno.ENAMETOOLONG, errno.EINVAL, errno.ENOTDIR, errno.EILSEQ)


@click.command(
    cls=Command,
    short_help="Make a new project, which builds and can be released at once.",
    epilog="Example: cardpress init ../my-deck --template words",
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--template",
    type=OneOf(TEMPLATES, TEMPLATES),
    default=next(iter(TEMPLATES)),
    show_default=True,
    help="What it begins as: questions and answers, words of a language, a table, or questions of interviews.",
)
def init(*, folder: Path, template: str) -> None:
    """Make a project in DIR, which is new or empty: a small deck, and what git, GitHub and editors want to know of it.

    The deck is called after the folder. Nothing is asked, and nothing is written over: a README.md, .gitignore or
    .gitattributes that is there stays, and so do .git, a license and hidden files of file managers.
    """
    from cardpress.new_project import BESIDE, make_project, write_project  # which help and completion do not need

    try:
        list_beside(folder, BESIDE)
        project = make_project(folder.resolve().name, template, datetime.now(UTC).date().isoformat())
        kept = write_project(folder, project)
    except OccupiedError as error:
        raise click.BadParameter(f"{error}; name a folder that is new or empty", param_hint="DIR") from error
    except OSError as error:
        if error.errno not in _NO_PATH:
            raise
        raise click.BadParameter(f"there can be no folder {folder} ({error.strerror})", param_hint="DIR") from error
    made = [path for path in project.files if path not in kept]
    say(f"{folder}: {say_count(len(made), 'file')} of the deck “{project.title}”")
    for path in made:
        say(f"  {path}")
    if kept:
        say(_say_kept(kept))
    ours = [] if project.is_named else [f"its id is `{project.id}`"]
    ours += [] if project.is_titled else [f"its title is “{project.title}”"]
    if ours:
        say(f"{join_words(ours)}: write your own into source/deck.yaml before the first release")
    say(name_project("next: `cardpress build`, then `cardpress release 1.0.0`", folder))
    sys.exit(ExitStatus.CLEAN)


def _say_kept(kept: tuple[str, ...]) -> str:
    """Return which files that were there stay, and what a deck needs of them."""
    was, is_ = ("was", "is") if len(kept) == 1 else ("were", "are")
    said = f"{join_words(kept)} {was} there: ours {is_} not written"
    needs = [need for name, need in _NEEDS.items() if name in kept]
    return f"{said}; {join_words(needs)}" if needs else said
