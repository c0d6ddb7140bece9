"""Says in a line what went wrong where it is not the author's mistake."""

from __future__ import annotations

import sys

from cardpress.cli.console import say

# What brings packages that only some commands need.
_EXTRAS = {"serve": ("starlette", "uvicorn", "watchfiles"), "rehearse": ("anki",)}


def explain_failure(error: Exception) -> str:
    """Return one line on a failure that is not the author's. For a mistake in cardpress, print its traceback too."""
    import traceback  # as what follows, it is loaded when there is a failure

    from cardpress.pipeline import OvertakenError
    from cardpress.publish.dist import PathClashError
    from cardpress.publish.preview_count import PreviewError
    from cardpress.publish.transaction import BadJournalError

    if isinstance(error, (PathClashError, BadJournalError, OvertakenError, PreviewError)):
        return str(error)
    if isinstance(error, OSError):
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror or str(error)
    if isinstance(error, ModuleNotFoundError) and not (error.name or "").startswith("cardpress"):
        return _name_package((error.name or "").partition(".")[0])
    say("".join(traceback.format_exception(error)), to_stderr=True, ends_line=False)
    return "this is a mistake in cardpress, not in your deck; please report the lines above"


def _name_package(name: str) -> str:
    """Return what to install for a package that is missing."""
    message = f"the package `{name}` is needed for this, and is not installed in {sys.prefix}"
    extra = next((extra for extra, names in _EXTRAS.items() if name in names), None)
    if extra is None:
        return message
    inject = f"pipx inject cardpress {' '.join(_EXTRAS[extra])}"
    tool = f'uv tool install "cardpress[{",".join(sorted(_EXTRAS))}]"'
    return (
        f'{message}; it comes with `pip install "cardpress[{extra}]"`, with pipx by `{inject}`, and with uv by `{tool}`'
    )
