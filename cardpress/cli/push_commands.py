"""The command `push`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cardpress.cli.cache import find_cache
from cardpress.cli.console import Console, report, say
from cardpress.cli.exit_status import ExitStatus
from cardpress.cli.program import Command
from cardpress.cli.project import PROJECT, require_source
from cardpress.progress import stage
from cardpress.wording import say_count

if TYPE_CHECKING:
    from cardpress.pipeline import Options, PreviewBuild
    from cardpress.push.connection import Address, AnkiConnect
    from cardpress.push.importing import Outcome
    from cardpress.push.plan import Plan

_DEFAULT = "http://127.0.0.1:8765"
_KEY = "CARDPRESS_ANKICONNECT_KEY"
_MOST_NAMES = 8


def _read_address(context: click.Context, option: click.Parameter, value: str) -> Address:
    """Return the address. Raises click.BadParameter for one of another machine, or none."""
    from cardpress.push.connection import parse_address

    try:
        return parse_address(value)
    except ValueError as error:
        raise click.BadParameter(str(error), context, option) from error


@click.command(
    cls=Command,
    short_help="Bring what the source makes into a running Anki, over what it has.",
    epilog="Example: cardpress push --project ../my-deck --profile Test --dry-run",
)
@PROJECT
@click.option("--profile", metavar="NAME", help="Refuse when another profile is open in Anki.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and import nothing.")
@click.option("--yes", is_flag=True, help="Import without asking first.")
@click.option(
    "--address",
    metavar="ADDRESS",
    callback=_read_address,
    default=_DEFAULT,
    show_default=True,
    help="Where the add-on AnkiConnect listens on this machine.",
)
@click.option(
    "--key",
    envvar=_KEY,
    help=f"AnkiConnect's `apiKey`, if its configuration has one; rather put it into the environment as {_KEY}.",
)
def push(*, project: Path, profile: str | None, dry_run: bool, yes: bool, address: Address, key: str | None) -> None:
    """Say what would change in Anki's open collection, ask, and let Anki import the package.

    The package is a preview, numbered so that Anki takes it over the one before. It needs the add-on AnkiConnect (code
    2055492159) in an Anki that runs on this machine. Nothing in the project changes.
    """
    from cardpress.pipeline import Options
    from cardpress.publish.recovery import DIST, wait_for_release
    from cardpress.push.connection import AnkiConnect, PushError

    if dry_run and yes:
        raise click.UsageError("--dry-run imports nothing, so that --yes has nothing to say; leave out one of them")
    require_source(project)
    wait_for_release(project)
    settings = Options(project, project / DIST, ("apkg",), jobs=os.cpu_count() or 1, cache=find_cache())
    connection = AnkiConnect(address, key)
    try:
        status = _push(connection, settings, profile, is_asked=not yes, is_dry=dry_run)
    except PushError as error:
        say(f"cardpress: {error}", to_stderr=True)
        status = ExitStatus.FAILURE
    sys.exit(status)


def _push(
    connection: AnkiConnect, settings: Options, profile: str | None, *, is_asked: bool, is_dry: bool
) -> ExitStatus:
    from cardpress.cli.push_table import write_plan
    from cardpress.pipeline import keep_preview, take_preview
    from cardpress.push.collection import read_collection, refuse_strays, require_profile
    from cardpress.push.connection import PushError
    from cardpress.push.contents import read_contents, recall_past
    from cardpress.push.importing import import_as_planned
    from cardpress.push.plan import Fate, make_plan

    # First, since it takes a moment: without Anki, nothing is built.
    connection.check()
    opened = require_profile(connection, profile)
    made = _build(settings)
    if made is None:
        return ExitStatus.PROBLEMS
    package = next(each.data for each in made.result.artifacts if each.name.endswith(".apkg"))
    contents = read_contents(made.deck, package, recall_past(made.history, made.before))
    before = read_collection(connection, contents)
    plan = make_plan(contents, before)
    say(f"{made.deck.version} into the profile `{opened}` would bring:")
    for line in write_plan(plan):
        say(line)
    refuse_strays(connection, contents, before, [each.note for each in plan.list(Fate.NEW)])
    status = _stop(plan, is_asked=is_asked, is_dry=is_dry)
    if status is not None:
        return status
    if is_asked:  # which may have taken a while
        require_profile(connection, opened)
        if make_plan(contents, read_collection(connection, contents)) != plan:
            raise PushError("Anki's collection has changed since; nothing was imported; push again")
    if not take_preview(made, settings):
        raise PushError("another preview was made since; nothing was imported; push again")
    keep_preview(made, settings)
    return _show(import_as_planned(connection, made.deck.id, package, contents, before, plan))


def _stop(plan: Plan, *, is_asked: bool, is_dry: bool) -> ExitStatus | None:
    """Return how to end after the dry run, and say why; None to import, when somebody has agreed to that."""
    if plan.changes_nothing:
        say("Anki has all of it; nothing to import")
        return ExitStatus.CLEAN
    if is_dry:
        say("nothing was imported: this was a dry run")
        return ExitStatus.CLEAN
    if not is_asked:
        return None
    if not is_at_terminal():
        say("nothing was imported: there is no terminal to ask at; add --yes to import", to_stderr=True)
        return ExitStatus.WRONG_USAGE
    if click.confirm("Import it?", default=False):
        return None
    say("nothing was imported")
    return ExitStatus.CLEAN


def is_at_terminal() -> bool:
    """Return whether there is somebody to ask."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _show(outcome: Outcome) -> ExitStatus:
    """Say what the import did. Return FAILURE when that is not what was planned."""
    counts = ((outcome.new, "new note"), (outcome.updated, "updated note"), (outcome.new_cards, "new card"))
    say(f"imported: {', '.join(say_count(number, noun) for number, noun in counts)}")
    if not outcome.unexpected:
        say("Anki was asked again, and has it as planned")
        return ExitStatus.CLEAN
    more = ", …" if len(outcome.unexpected) > _MOST_NAMES else ""
    say(f"cardpress: not as planned: {', '.join(outcome.unexpected[:_MOST_NAMES])}{more}", to_stderr=True)
    return ExitStatus.FAILURE


def _build(settings: Options) -> PreviewBuild | None:
    """Return the preview of a project; None when it has errors, which are reported."""
    from cardpress.pipeline import load_and_check, make_preview

    # Check and render; the writer is told of when it comes.
    with Console(stages=2) as console:
        with stage(console, "check"):
            bank, checked = load_and_check(settings.project, settings.only)
        made = None if checked.failed(strict=False) else make_preview(bank, checked, settings, console, is_taken=False)
        console.stop()
        result = made.result if made else checked
        report(result.diagnostics, settings.project)
    return None if result.failed(strict=False) else made
