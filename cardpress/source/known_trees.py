"""Trees of texts that were read before, for texts that need the whole grammar: each is known by the text itself."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cardpress.markdown.tree_json import read_tree, write_tree

if TYPE_CHECKING:
    from cardpress.source.bank import MarkdownText

# Characters of all trees that are kept. Those of later texts are made anew.
_MOST = 20_000_000


@dataclass(slots=True)
class KnownTrees:
    """Trees by what they are made of, as JSON that is read when a text has need of it."""

    kept: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_json(cls, value: Any) -> KnownTrees:
        """Return what was kept, from `collect`; nothing when the value is not of that form."""
        is_whole = isinstance(value, dict) and all(isinstance(each, str) for each in value.values())
        return cls(value if is_whole else {})

    def tell(self, texts: Iterable[MarkdownText]) -> None:
        """Let each of these texts have its tree, if that is known."""
        for text in texts if self.kept else ():
            made_of = text.tree_made_of
            written = None if made_of is None else self.kept.get(made_of)
            if written is not None:
                with suppress(ValueError, RecursionError):
                    text.take(read_tree(json.loads(written)))

    def collect(self, texts: Iterable[MarkdownText]) -> dict[str, str]:
        """Return the trees of these texts, for those that need the grammar and have one."""
        found: dict[str, str] = {}
        size = 0
        for text in texts:
            document = text.made_document
            if document is None or not document.needs_grammar:
                continue
            made_of = text.tree_made_of
            if made_of is not None and made_of not in found:
                written = self.kept.get(made_of) or json.dumps(write_tree(document), ensure_ascii=False)
                size += len(made_of) + len(written)
                if size > _MOST:
                    break
                found[made_of] = written
        return found
