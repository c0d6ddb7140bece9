"""The commands that go on until Ctrl-C and follow what an author saves: `serve` in a browser, `watch` in a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from threading import Event
from time import localtime, strftime
from typing import TYPE_CHECKING, Any

import click

from cardpress.cli.build_commands import OUTPUT_WORDS
from cardpress.cli.cache import find_cache
from cardpress.cli.console import Console, report, say
from cardpress.cli.exit_status import ExitStatus
from cardpress.cli.failures import explain_failure
from cardpress.cli.program import Command
from cardpress.cli.project import PROJECT, open_project
from cardpress.cli.reports import name_project
from cardpress.diagnostics.reports.text import summarize
from cardpress.disk.reading import UnreadableError, read_file
from cardpress.outputs import NAMES
from cardpress.wording import say_count

if TYPE_CHECKING:
    from cardpress.pipeline import Options


class _Port(click.IntRange):
    """A port that a program of this computer can have."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number. Raises click.BadParameter for anything else, and names what can be written."""
        try:
            number = int(super().convert(value, param, ctx))
        except click.BadParameter:
            self.fail(f"{value} is not a port from {self.min} to {self.max}", param, ctx)
        return number


@click.command(
    cls=Command,
    short_help="Show every card in a browser, and follow what you save.",
    epilog="Example: cardpress serve --project ../my-deck --open",
)
@PROJECT
@click.option(
    "--port",
    type=_Port(1, 65535),
    help="The port of 127.0.0.1 to use.  [default: 8127, or any free one if that is taken]",
)
@click.option("--open/--no-open", "opens", default=False, show_default=True, help="Open it in your browser.")
def serve(*, project: Path, port: int | None, opens: bool) -> None:
    """Show every card as Anki shows it, with the problems of the source beside it, the sheets and the page.

    It follows what you save, until Ctrl-C. Only this computer can see it, and it writes nothing into the project.
    """
    from cardpress.serve import running  # with what `check` and `build` do not need

    open_project(project)
    try:
        bound = running.bind(port)
    except running.PortTakenError as taken:
        say(f"cardpress: {taken}", to_stderr=True)
        sys.exit(ExitStatus.FAILURE)
    address = running.name_address(bound)

    def ready() -> None:
        say(f"{address} shows {project.resolve().name}, and follows what you save; Ctrl-C ends it")
        sys.stdout.flush()
        if opens:
            click.launch(address)

    with suppress(KeyboardInterrupt):
        running.serve(project, bound, lambda text: name_project(text, project), explain_failure, ready, find_cache())
    say("stopped", to_stderr=True)
    sys.exit(ExitStatus.INTERRUPTED)


@click.command(
    cls=Command,
    short_help="Check and build on every save, in the terminal.",
    epilog="Example: cardpress watch --only apkg,page --out ../preview",
)
@PROJECT
@click.option("--strict", is_flag=True, help="Let warnings fail, too.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to put what is made; a relative path counts from where you are.  [default: dist/ in the project]",
)
@click.option(
    "--only", type=OUTPUT_WORDS, metavar="OUTPUT,…", multiple=True, help=f"Make only these of {', '.join(NAMES)}."
)
def watch(*, project: Path, strict: bool, out: Path | None, only: tuple[str, ...]) -> None:
    """Check and build the project now and on every save, until Ctrl-C.

    It prints the report of problems, or which outputs are other ones than before. As with `build`, all outputs are
    replaced together, or none.
    """
    from cardpress.pipeline import Options
    from cardpress.serve.following import follow  # with what `check` and `build` do not need

    here = Path.cwd()
    options = Options(
        project=(here / project).resolve(),
        out=(here / open_project(project, out)).resolve(),
        only=OUTPUT_WORDS.choose(",".join(only), "--only") if only else None,
        strict=strict,
        jobs=os.cpu_count() or 1,
        cache=find_cache(),
    )
    say(f"follows {options.project}; Ctrl-C ends it")
    with suppress(KeyboardInterrupt):
        made: Mapping[str, str] = {}
        for _ in follow(options.project, Event()):
            made = _build(options, project, made)
            sys.stdout.flush()
    say(f"stopped; {options.out} is as the last build left it", to_stderr=True)
    sys.exit(ExitStatus.INTERRUPTED)


def _build(options: Options, project: Path, before: Mapping[str, str]) -> Mapping[str, str]:
    """Build the project once, and print what came of it, with the time. No failure ends it.

    Return the digests of the outputs that the last build made, by name; `before` are those of the one before.
    """
    from cardpress.pipeline import build_project
    from cardpress.publish.manifest import MANIFEST, list_digests

    now = strftime("%H:%M:%S", localtime())
    with Console(quiet=False, plain_output=True, stages=3) as console:
        try:
            result = build_project(options, console)
            console.stop()
            report(result.diagnostics, project)
        except Exception as failure:
            console.stop()
            say(f"{now}  {explain_failure(failure)}; nothing was replaced", to_stderr=True)
            return before
    if result.failed(strict=options.strict):
        say(f"{now}  {summarize(result.diagnostics)}; {options.out} is as it was")
    elif result.unchanged:
        say(f"{now}  nothing changed; {options.out} is up to date")
        with suppress(OSError, UnreadableError):  # removed in this moment
            return before or list_digests(read_file(options.out / MANIFEST, options.out))
    else:
        made = list_digests(next(each.data for each in result.artifacts if each.name == MANIFEST))
        changed = [name for name, digest in made.items() if before.get(name) != digest]
        said = (", ".join(changed) or "the same bytes as before") if before else say_count(len(made), "file")
        say(f"{now}  made in {options.out}: {said}")
        return made
    return before
