"""Files of questions in which rules found nothing: what looks at one note at a time need not look at these again.

That such a rule found nothing in a file is known as long as all that it can see of the file's notes is the same: the
engine, Python and the project's templates; deck.yaml and the history; the file itself; snippets; and which files of
media there are. A rule that saw more would be passed over wrongly: `tests/unit/test_clean_files.py` looks for one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from cardpress.diagnostics import MAX_PROBLEMS, Diagnostic, SourceFile
from cardpress.diagnostics.checks import Applied, apply
from cardpress.engine import find_version
from cardpress.history.digests import digest
from cardpress.source.bank import Bank, Section


@dataclass(slots=True)
class CleanFiles:
    """The files of one bank, and in which of them rules found nothing, by the names of these rules."""

    bank: Bank
    _keys: dict[str, str] = field(default_factory=dict)
    _clean: dict[str, set[str]] = field(default_factory=dict)
    _banks: dict[frozenset[str], Bank] = field(default_factory=dict)

    @classmethod
    def of(cls, bank: Bank, read_by: str) -> CleanFiles | None:
        """Return what is known of a bank, which its facts keep; None of one that could not be read as a whole.

        `read_by` is a digest of the engine, Python and the project's templates.
        """
        history = bank.history
        if bank.info is None or not bank.complete or (history is not None and history.is_completed):
            return None
        files = cls(bank)
        shared = digest(part.encode("utf-8", "surrogatepass") for part in _list_shared(bank, read_by))
        for file in (file for section in bank.sections if (file := _find_file(section))):
            text = file.text.encode("utf-8", "surrogatepass")
            key = digest((b"rules that found nothing", shared.encode(), file.path.encode(), text))
            known = bank.facts.recall(key)
            files._keys[file.path] = key
            files._clean[file.path] = set(known.split()) if isinstance(known, str) else set()
        return files

    def ask(self, name: str, rule: Callable[[Bank], Iterator[Diagnostic]]) -> Applied:
        """Return what a rule of this name finds, as the bank's `checks` have it. It looks at one note at a time."""
        clean = frozenset(path for path, names in self._clean.items() if name in names)
        places: set[str] = set()

        def find() -> Iterator[Diagnostic]:
            for each in rule(self._without(clean)):
                places.update(span.path for span in (each.span, *(related.span for related in each.related)))
                yield each

        applied = apply(self.bank.checks, find(), MAX_PROBLEMS)
        # Where something is wrong elsewhere, as in a snippet, nobody knows whose note shows it.
        if applied.is_whole and places <= self._clean.keys():
            for path in self._clean.keys() - places:
                self._clean[path].add(name)
        return applied

    def keep(self) -> None:
        """Keep what was found out with the bank's other facts."""
        for path, key in self._keys.items():
            self.bank.facts.note(key, " ".join(sorted(self._clean[path])))

    def _without(self, clean: frozenset[str]) -> Bank:
        """Return the bank without the questions of these files."""
        if clean not in self._banks:
            sections = (
                replace(section, questions=()) if (file := _find_file(section)) and file.path in clean else section
                for section in self.bank.sections
            )
            self._banks[clean] = replace(self.bank, sections=tuple(sections))
        return self._banks[clean]


def _find_file(section: Section) -> SourceFile | None:
    """Return the file that a section's questions stand in, None of a section without any."""
    return section.questions[0].span.file if section.questions else None


def _list_shared(bank: Bank, read_by: str) -> Iterator[str]:
    """Yield all that such a rule can see beside the file of a note."""
    yield from (read_by, find_version("rapidfuzz"))
    yield bank.info.id.span.file.text if bank.info else ""
    yield from (("history", bank.history.file.text) if bank.history else ("no history",))
    for name, snippet in sorted(bank.snippets.items()):
        yield from ("snippet", name, snippet.file.path, snippet.file.text)
    for name, media in sorted(bank.media.items()):
        yield from ("media", name, f"{media.is_adopted}", media.fault)
    yield from ("unread", *sorted(bank.unread_media), "broken", *sorted(bank.broken_ids))
