"""Rules on labels: a deck has some in its language, strings files no others, and templates ask for known ones."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from cardpress.diagnostics import Diagnostic, SourceFile, Span
from cardpress.diagnostics.suggest import Suggestions
from cardpress.markdown.entities import unescape
from cardpress.source.bank import Bank
from cardpress.source.languages import is_language
from cardpress.source.strings import LABEL, list_labels
from cardpress.source.templates.template_files import CARD_STYLES, PAGE_STYLES

# Labels that a message names.
_MOST_NAMED = 3


def check_labels(bank: Bank) -> Iterator[Diagnostic]:
    """Every label that a project's card template or style asks for is known."""
    known = {*bank.strings.known, *bank.strings.texts, *chain(*map(list_labels, bank.note_types.values()))}
    suggestions = Suggestions(known)
    for file in _list_files(bank):
        for place in LABEL.finditer(file.text):
            label = unescape(place[1])
            if label not in known:
                close = suggestions.find(label)
                hint = f"did you mean `{close}`?" if close else "write the text itself, or add it to templates/strings/"
                span = Span(file, place.start(1), place.end(1))
                yield Diagnostic("unknown-label", span, f"no label in any language is `{label}`", hint)


def check_language_of_labels(bank: Bank) -> Iterator[Diagnostic]:
    """Labels, buttons and hints are in the deck's language, all of them."""
    missing = bank.strings.untranslated
    if bank.info is None or not missing:
        return
    language = bank.info.language
    if bank.strings.own:
        first = next(iter(bank.strings.own.values()))
        named = ", ".join(f"`{label}`" for label in sorted(missing)[:_MOST_NAMED])
        others = ", and others" if len(missing) > _MOST_NAMED else ""
        verb = "is" if len(missing) == 1 else "are"
        message = (
            f"{len(missing)} of {len(bank.strings.known)} labels, buttons and hints {verb} English: "
            f"this file lacks {named}{others}"
        )
        hint = "copy these lines from templates/strings/en.yaml of cardpress, and translate them"
        yield Diagnostic("english-labels", Span(first.key.file), message, hint)
    elif not bank.strings.files and is_language(language.value):
        message = f"labels, buttons and hints are English: cardpress has none for `{language.value}`"
        file = f"templates/strings/{language.value}.yaml"
        hint = f"copy templates/strings/en.yaml of cardpress into this project as {file}, and translate it"
        yield Diagnostic("english-labels", language.span, message, hint)


def check_strings(bank: Bank) -> Iterator[Diagnostic]:
    """Every text of a project's strings files is written somewhere: by the engine, a note type or a template."""
    if not bank.complete:
        return
    known = {*bank.strings.known, *chain(*map(list_labels, bank.note_types.values()))}
    own = [bank.templates[name].text for name in sorted(bank.own_templates & set(bank.templates))]
    suggestions = Suggestions(known)
    for english, entry in bank.strings.own.items():
        if english not in known and not any(english in text for text in own):
            close = suggestions.find(english)
            hint = f"did you mean `{close}`?" if close else "remove the line"
            yield Diagnostic("unused-label", entry.key, f"nothing writes `{english}`", hint)


def _list_files(bank: Bank) -> Iterator[SourceFile]:
    """Yield the card templates and styles that can ask for labels, without our own. Adopted ones ask for nothing."""
    for note_type in (each for each in bank.note_types.values() if not each.is_adopted):
        for file in (*chain(*((card.front, card.back) for card in note_type.cards)), note_type.style):
            if file is not None and file.path.removeprefix("templates/") in bank.own_templates:
                yield file
    styles = {*CARD_STYLES, *PAGE_STYLES} & bank.own_templates & bank.templates.keys()
    yield from (bank.templates[name] for name in sorted(styles))
