"""The table of diagnostic codes. A code names the problem, is documented in the README, and is never reused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Severity(StrEnum):
    """An error stops the build; a warning does so only under `--strict`."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Code:
    """What a code means, in one line, and how bad it is."""

    severity: Severity
    meaning: str


_ERRORS = {
    "alias-bomb": "YAML aliases that contain themselves or grow past what any deck needs.",
    "bad-date": "`date` is not a calendar day written as YYYY-MM-DD.",
    "bad-history": "`source/history.json`, which only `release` writes, cannot be read.",
    "bad-id": "An id is not lowercase letters, digits and single hyphens, starts or ends wrongly, or is reserved.",
    "bad-language": "`language` is not a language tag such as `en` or `pt-BR`.",
    "bad-number": "`number` is not a whole number from 1 up.",
    "bad-tag": "A tag has a space, an empty part between `::`, or is longer than 60 characters.",
    "bad-url": "A link is not an `http://`, `https://` or `mailto:` address, or `report_url` has an unknown `{name}`.",
    "bad-version": "`version` is not a semantic version such as `1.4.0`.",
    "card-overflow": "A text does not fit its printed card, even at the smallest size.",
    "cloze-numbering": "Cloze deletions are not numbered c1, c2, c3 … without a gap.",
    "cloze-without-deletion": "A cloze text has no `{{c1::…}}` with something in it, so Anki would make no card.",
    "control-character": "A control character such as U+001F, written as an escape or an unseen part of a snippet.",
    "duplicate-id": "Two questions, recall notes or sections have the same id.",
    "duplicate-key": "A key stands twice in one mapping; YAML would silently keep one of them.",
    "duplicate-number": "Two questions have the same `number`.",
    "empty-text": "A text that is required, or is a list's entry, is empty.",
    "field-list-changed": "A note type's fields are not those that were released; every learner's updates would stop.",
    "file-not-utf8": "A file is not UTF-8.",
    "file-too-large": "A file is larger than 16 MiB.",
    "missing-description": "A picture has no words for those who cannot see it.",
    "missing-file": "A file that the deck needs is not there, or is not a file.",
    "missing-key": "A required key is missing.",
    "missing-media": "A picture is not in source/media/.",
    "missing-section-file": "A section has no file of its own in source/.",
    "missing-snippet": "A snippet is not in source/snippets/.",
    "path-outside-source": "A path leaves its folder: `..`, an absolute path, or a symbolic link that points out.",
    "released-id-changed": "A released question or recall note has another id; to learners it would be a new one.",
    "released-kind-changed": "A released question, recall or cloze note is of another kind now; updates would stop.",
    "released-question-missing": "A released question or recall note is gone from the source without being retired.",
    "remote-media": "A picture is on the network; a card must work without it.",
    "retired-id-reused": "A new question has the id of a retired one; learners who kept that would see it overwritten.",
    "self-reference": "`see_also` names the question that it stands in.",
    "snippet-syntax": "A snippet is not valid Python, or its `# card:` and `# end` markers do not pair.",
    "template-field": "A card template names a field that its note type lacks, or does not show the one that it asks.",
    "template-section": "A card template opens a `{{#Field}}` that it does not close, or the other way round.",
    "text-expected": "YAML reads an unquoted value as a number, date, truth value or null where a text belongs.",
    "text-too-long": "A text has more than 20,000 characters.",
    "too-deep": "Lists, mappings or brackets in a text nested deeper than any deck needs.",
    "unclosed-fence": "A code fence is opened and never closed.",
    "unknown-key": "A key that the format does not have.",
    "unknown-language": "A code fence names a language that no highlighter knows.",
    "unknown-level": "`level` is not beginner, intermediate or advanced.",
    "unknown-reference": "`see_also` names a question that does not exist.",
    "unlisted-file": "A YAML file in source/ that no section names.",
    "unsafe-html": "Script, an event handler, an embedded frame or a `javascript:` link.",
    "unsupported-font": "A file among the fonts that is not TrueType or OpenType, or for the page not WOFF2.",
    "unsupported-html": "An HTML element that cards do not carry: use Markdown, or put it in backticks.",
    "unsupported-media": "A picture that is not SVG, PNG, JPEG, GIF or WebP, or that cannot be shown.",
    "unsupported-tag": "An explicit YAML tag (`!something`); the format has none.",
    "wrong-type": "A list, mapping or text where the format wants another of them.",
    "yaml-syntax": "The file is not valid YAML.",
}

_WARNINGS = {
    "example-answer-too-long": "`example_answer` has more than 150 words: longer than anyone speaks.",
    "missing-glyph": "A character that no print font has; the PDFs print a box for it.",
    "near-duplicate-question": "Two questions ask nearly the same.",
    "no-source": "A question names no source.",
    "number-becomes-list": "A text begins with a number and a period, so Markdown makes a list of it.",
    "recall-asks-for-a-list": "A recall note asks for a list; a card holds one fact.",
    "recall-too-long": "A recall answer has more than 40 words.",
    "text-cut-by-comment": "An unquoted text is cut short by ` #`, which begins a comment.",
}

CODES: Mapping[str, Code] = MappingProxyType(
    {code: Code(Severity.ERROR, meaning) for code, meaning in _ERRORS.items()}
    | {code: Code(Severity.WARNING, meaning) for code, meaning in _WARNINGS.items()}
)
