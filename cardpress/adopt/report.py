"""import-report.md: what was taken over from a source, and then what was not, one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cardpress.adopt.adopted import Adopted, Loss, group_losses
from cardpress.deck.names import to_line
from cardpress.diagnostics.visible import make_visible
from cardpress.wording import say_count

REPORT = "import-report.md"


def write_report(adopted: Adopted) -> str:
    """Return the report on what was adopted, in Markdown. What is said of many notes stands above all of these once."""
    lines = [f"# {_show(adopted.title)}", "", f"Made from {_show(adopted.form)}.", "", "## Taken over", ""]
    lines += [f"- {_show(each)}" for each in adopted.taken]
    if adopted.losses:
        groups = group_losses(adopted.losses)
        single = [losses[0] for losses in groups.values() if len(losses) == 1]
        lines += ["", "## Not taken over as it was"]
        lines += [""] if single else []
        lines += [f"- {_name(loss)}{': ' if loss.where else ''}{_show(loss.what)}" for loss in single]
        for what, losses in groups.items():
            if len(losses) > 1:
                lines += _write_group(what, losses)
    return "\n".join(lines) + "\n"


def _write_group(what: str, losses: Sequence[Loss]) -> Iterator[str]:
    said = _show(what)
    noun = "note" if all(loss.note_id for loss in losses) else "place"
    yield from ("", f"### {said[:1].upper()}{said[1:]}", "", f"{say_count(len(losses), noun)}:", "")
    yield from (f"- {_name(loss)}" for loss in losses)


def _name(loss: Loss) -> str:
    """Return where something was lost: the first words of a note, and its id."""
    return f"{_show(loss.where)} (`{loss.note_id}`)" if loss.note_id else _show(loss.where)


def _show(text: str) -> str:
    """Return what stands in a line of the report, where nothing acts on who reads it."""
    return make_visible(to_line(text))
