"""import-report.md: what was taken over from a source, and then what was not, one by one."""

from __future__ import annotations

from cardpress.adopt.adopted import Adopted

REPORT = "import-report.md"


def write_report(adopted: Adopted) -> str:
    """Return the report on what was adopted, in Markdown."""
    lines = [f"# {adopted.title}", "", f"Made from {adopted.form}.", "", "## Taken over", ""]
    lines += [f"- {each}" for each in adopted.taken]
    if adopted.losses:
        lines += ["", "## Not taken over as it was", ""]
        lines += [f"- {f'{each.where}: ' if each.where else ''}{each.what}" for each in adopted.losses]
    return "\n".join(lines) + "\n"
