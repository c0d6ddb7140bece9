"""Moves problems to where their files are for somebody outside the project."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cardpress.diagnostics import Diagnostic, SourceFile, Span


def move_below(folder: str, diagnostics: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return the problems with `folder` before the paths of their files; as they are without one."""
    if not folder:
        return tuple(diagnostics)
    # Each file once, since it knows where its lines start. By identity, as files compare.
    moved: dict[SourceFile, SourceFile] = {}

    def move(span: Span) -> Span:
        if span.file not in moved:
            moved[span.file] = SourceFile(f"{folder.rstrip('/')}/{span.file.path}", span.file.text)
        return replace(span, file=moved[span.file])

    return tuple(
        replace(
            diagnostic,
            span=move(diagnostic.span),
            related=tuple(replace(related, span=move(related.span)) for related in diagnostic.related),
        )
        for diagnostic in diagnostics
    )
