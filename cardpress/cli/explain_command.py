"""The command `explain`."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from cardpress.cli.console import show_page
from cardpress.cli.exit_status import ExitStatus
from cardpress.cli.program import Command, name_program
from cardpress.cli.words import reject
from cardpress.diagnostics import pages
from cardpress.diagnostics.codes import CODES
from cardpress.diagnostics.pages import Page


class _Code(click.ParamType[str]):
    """A problem's code, as it is or as a report has it."""

    name = "code"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the code. Raises click.UsageError when there is none, with the nearest."""
        code = pages.name_code(value)
        if code not in CODES:
            raise click.UsageError(
                reject("there is no code", code, CODES, "`cardpress explain` lists all of them"), ctx
            )
        return code

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
        """Return the codes that begin so, with their meanings; behind `error[`, in brackets as a report has them."""
        before, bracket, begun = incomplete.rpartition("[")
        ending = "]" if bracket else ""
        return [
            CompletionItem(f"{before}{bracket}{code}{ending}", help=entry.meaning)
            for code, entry in CODES.items()
            if code.startswith(begun)
        ]


@click.command(
    cls=Command,
    short_help="Say what a problem's code means, and how to mend it.",
    epilog="Example: cardpress explain unknown-key",
)
@click.argument("code", required=False, type=_Code())
def explain(*, code: str | None) -> None:
    """Say what a problem's CODE means, with an example of its report, and how to mend it; without CODE, list all.

    A code stands in brackets in a report, `error[unknown-key]`, and may be copied with or without them.
    """
    width = click.get_current_context().make_formatter().width  # as wide as the help
    if code is None:
        # In a pipe each stands in a line, so that a search in it finds the whole.
        show_page(pages.list_pages(width if sys.stdout.isatty() else None))
    else:
        examples = Path(pages.__file__).with_name(pages.EXAMPLES).read_text(encoding="utf-8")
        show_page(pages.as_text(_name_program(pages.make_page(code, pages.read_examples(examples))), width))
    sys.exit(ExitStatus.CLEAN)


def _name_program(page: Page) -> Page:
    """Return a page whose commands begin with what this program was started by."""
    mend, meaning, report = map(name_program, (page.mend, page.meaning, page.report))
    return replace(page, mend=mend, meaning=meaning, report=report, switching=name_program(page.switching))
