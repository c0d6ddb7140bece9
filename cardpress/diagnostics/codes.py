"""The table of diagnostic codes. A code names the problem, is documented in docs/problems.md, and is never reused."""

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
    """How bad a problem is, what it is, and what to do about it, each in a line of Markdown."""

    severity: Severity
    meaning: str
    mend: str
    # A warning that authors must not be able to hide.
    is_permanent: bool = False
    # It is about some outputs alone, so that a command which makes other ones, or none, may not find it.
    depends_on_output: bool = False
    # It is found while an output is made, and not before.
    is_found_late: bool = False

    @property
    def can_be_lowered(self) -> bool:
        """Whether `checks` can switch it off, and `allow` can allow it."""
        return self.severity is Severity.WARNING and not self.is_permanent


# code: what is wrong, and how to mend it
_ERRORS = {
    "alias-bomb": (
        "YAML aliases that contain themselves or grow past what any deck needs.",
        "Write out what the alias repeats: the text itself in place of `*alias`.",
    ),
    "bad-check": (
        "`checks` or `allow` names a code that does not exist, or one that is always reported; or a level other than "
        "`off`, `warning` and `error`.",
        "Write the code of a warning, as it stands in brackets in its report: `checks: {no-source: off}`, or "
        "`allow: [no-source]`. What is an error must be mended.",
    ),
    "bad-date": (
        "`date` is not a calendar day written as YYYY-MM-DD.",
        "Write the day as `date: 2026-11-24`; it must exist, and be in 1980 or later.",
    ),
    "bad-deck-name": (
        "A name that Anki would change: an empty level, spaces around `::`, quotes, too many levels, or that of Anki's "
        "own deck, `Default`.",
        "Write the name as it is to be in Anki, with `::` between two levels: `deck_name: Languages::Spanish`.",
    ),
    "bad-formula": (
        "A formula cannot be read: it is not closed, has a command that nothing knows, or braces without partners.",
        "Write what the message says; in code, backticks around it make it no formula.",
    ),
    "bad-history": (
        "`source/history.json`, which only `release` writes, cannot be read.",
        "Take the file back from version control: `git checkout source/history.json`. While git merges "
        "[two branches that both released](releases.md#two-branches), run `cardpress release --merge`.",
    ),
    "bad-id": (
        "An id is not lowercase letters, digits and single hyphens, starts or ends wrongly, or is reserved.",
        "Write the id that the help line offers, such as `my-first-question`: at most 64 characters.",
    ),
    "bad-language": (
        "`language` is not a language tag such as `en` or `pt-BR`.",
        "Write a tag such as `language: en`, `de` or `pt-BR`.",
    ),
    "bad-mask": (
        "A mask of a picture hides no part of it, or is not written as masks are: a rectangle outside the picture or "
        "of no size, a shape that the SVG does not have, two masks with one id.",
        "Write `rect: [x, y, width, height]` in the picture's own units (pixels, or those of an SVG's `viewBox`), or "
        "all four as parts of the whole, at most 1; for an SVG, `shape: …` with the id of one of its shapes.",
    ),
    "bad-note-type": (
        "A note type's declaration cannot be used: an unknown kind of field, a key twice, a card that asks nothing.",
        "Correct `note-type.yaml` as the help line says; [note-types.md](note-types.md) has all of its keys.",
    ),
    "bad-number": (
        "`number` is not a whole number from 1 up.",
        "Write digits alone, such as `number: 7`, or remove the key.",
    ),
    "bad-output": (
        "`outputs` names an output, a size of paper or a number of cards a page that there is not, or switches all "
        "outputs off.",
        "Write what differs from a build without it, such as `outputs: {booklet: false, flashcards: {papers: [a4]}}`.",
    ),
    "bad-tag": (
        "A tag has a space, a comma or a semicolon, an empty part between `::`, more than 60 characters, other "
        "capitals elsewhere, or is one that Anki takes away.",
        "Join the words with hyphens: `path-operation`; write several tags as `[one, two]`, in a table with spaces "
        "between them; put `::` between levels only: `http::status`; spell it alike everywhere; take no `marked` and "
        "`leech`.",
    ),
    "bad-url": (
        "A link is not an `http://`, `https://` or `mailto:` address, or `report_url` has an unknown `{name}`.",
        "Write the whole address: `https://example.org/page`. In `report_url`, use `{id}` and `{version}` alone.",
    ),
    "bad-version": (
        "`version` is not a semantic version such as `1.4.0`.",
        "Write three numbers: `version: 1.4.0`.",
    ),
    "cloze-numbering": (
        "Cloze deletions are not numbered c1, c2, c3 … without a gap.",
        "Number the deletions in order: `{{c1::…}}`, then `{{c2::…}}`. Several may share a number. In a released note "
        "numbers may be skipped.",
    ),
    "cloze-without-deletion": (
        "A cloze text has no `{{c1::…}}` with something in it, so Anki would make no card.",
        "Put what the learner recalls in double braces: `One is the {{c1::first}} number.`",
    ),
    "comparison-without-table": (
        "The `table` of a comparison is no Markdown table, or not a table alone.",
        "Write one table: `| a | b |`, a line `|---|---|`, and its rows. What else there is to say goes into a gist.",
    ),
    "control-character": (
        "A control character such as U+001F, written as an escape or an unseen part of a snippet.",
        "Remove it; in double quotes look for an escape such as `\\x1f` or `\\e`.",
    ),
    "deletion-in-formula": (
        "A cloze deletion in a formula holds no part that stands by itself, so that not every output could hide it, or "
        "a template shows it without the formula.",
        "Put braces around it, `x^{ {{c1::2}} }`, or all of a command, a group or the formula into it.",
    ),
    "duplicate-anki-number": (
        "Two decks, note types, fields or cards that learners have already are given one number in Anki, so that one "
        "of them would take the place of the other.",
        "Write under `anki` the number that each has there, or remove the `id`, and one is made.",
    ),
    "duplicate-guid": (
        "Two notes have one GUID; Anki would take them for one note, and leave one out.",
        "Write the GUID that learners have of each. Remove `guid` from a note that is new to them.",
    ),
    "duplicate-id": (
        "Two questions, recall notes or sections have the same id.",
        "Give the newer of the two another id, such as `first-question-2`; the older one is permanent.",
    ),
    "duplicate-key": (
        "A key stands twice in one mapping; YAML would silently keep one of them.",
        "Keep one of the two lines, or join their texts.",
    ),
    "duplicate-number": (
        "Two questions have the same `number`.",
        "Write the free number that the help line names.",
    ),
    "empty-text": (
        "A text that is required, or is a list's entry, is empty.",
        "Write a text after the key, or remove the key or the entry.",
    ),
    "field-list-changed": (
        "A note type's fields or cards are not those that were released; every learner's updates would stop.",
        "Put them back as they were released. One that has another name now needs `was`, its first name.",
    ),
    "file-not-utf8": (
        "A file is not UTF-8.",
        "Save the file as UTF-8; editors call it the encoding.",
    ),
    "file-too-large": (
        "A file is larger than 16 MiB, a sound than 128 MiB, all sounds together than 192 MiB; or pictures and sounds "
        "stand in so many places that the page would be larger than any.",
        "Split the file into two sections, shrink the picture, or save the sound as MP3 with fewer bits a second.",
    ),
    "folder-too-large": (
        "A folder of the project holds more files, or deeper folders, than any deck needs.",
        "Move what the deck does not use to a folder outside `source/` and `templates/`.",
    ),
    "git-lfs-pointer": (
        "A file of the project is what Git LFS keeps in its place until it is downloaded.",
        "Run `git lfs pull`; in CI, tell the checkout to fetch LFS files.",
    ),
    "interrupted-release": (
        "A release was killed while it wrote its files; `.cardpress-release/` in the project says which.",
        "Run `cardpress release --recover`: it ends the release or takes it back, and does nothing else.",
    ),
    "label-placeholder": (
        "A text of `templates/strings/` has other placeholders, such as `{n}`, than the English text.",
        "Write each placeholder of the English text once more, and no other: numbers and names are put there.",
    ),
    "lost-backslash": (
        "An escape in double quotes takes the backslash of a formula: `\\times` is a tab and `imes` there.",
        r"Put the text in single quotes, `'\(2 \times 3\)'`, or below `|`; or double each backslash.",
    ),
    "lost-history": (
        "`source/history.json` is not there, or lacks a release, but dist/, the changelog or git know of it.",
        "Put it back, from the commit that the report names, or from a backup: it is the only record of what learners "
        "have. A new deck needs an `id` of its own.",
    ),
    "missing-description": (
        "A picture has no words for those who cannot see it, or a sound none for those who cannot hear it.",
        "Say what the picture shows, or what is heard: `![what it shows](picture.svg)`, `![how it sounds](word.mp3)`.",
    ),
    "missing-file": (
        "A file that the deck needs is not there.",
        "Create the file that is named, such as `source/deck.yaml`.",
    ),
    "missing-key": (
        "A required key is missing.",
        "Add the key that is named, such as `answer: …`.",
    ),
    "missing-media": (
        "A picture or a sound is not in source/media/.",
        "Put the file in `source/media/`, or correct its name.",
    ),
    "missing-row-id": (
        "A row of a table has no `id`, and the deck was released: reworded, learners would get it as a new card.",
        "Run `cardpress ids`, which writes the ids into the table, once.",
    ),
    "missing-section-file": (
        "A section has no file of its own in source/.",
        "Create the file, such as `source/basics.yaml` for `- id: basics`, with a list of questions; or correct the "
        "name after `table:`.",
    ),
    "missing-snippet": (
        "A snippet is not in source/snippets/.",
        "Put the file in `source/snippets/`, or correct the name after `snippet:`.",
    ),
    "moved-template": (
        "A file below templates/ has a place where it is no longer read.",
        "Move it: `templates/anki/recall.back.html` is `templates/note-types/recall/back.html` now.",
    ),
    "no-spare-left": (
        "A note type that was released has a new field or card, and no spare one is left for it.",
        "Put what it holds into another field, or make another note type for it.",
    ),
    "path-outside-source": (
        "A path leaves its folder: `..`, an absolute path, or a symbolic link that points out.",
        "Put a copy of the file in the folder, and write its name alone: `![what it shows](picture.svg)`.",
    ),
    "personal-key": (
        "A question has a key of a personal field, which ships empty: it is for the learner's own words.",
        "Remove the key; or remove `personal: true` from the field, if its note type was not released yet.",
    ),
    "ragged-row": (
        "A row of a table has more or fewer cells than its first row.",
        "Add the cells that are missing, though they are empty; put a cell with a comma in it in quotes.",
    ),
    "released-card-missing": (
        "A released note has not what one of its cards asks, or waits for; learners would see an empty card.",
        "Put it back, or let the card ask what it did. To ask it no more, retire the note and write a new one.",
    ),
    "released-cards-exchanged": (
        "Released cards of a note type have exchanged what they ask; learners' schedules would go on with the other.",
        "Let each card ask what it did. Where only their names are exchanged, write each one's first name as `was`.",
    ),
    "released-deletion-missing": (
        "A released cloze note has lost the number of a deletion, or a released picture a mask; learners would see an "
        "error on that card.",
        "Put the number back, such as `{{c2::…}}`, or the mask under its id. To ask it no more, retire the note and "
        "write a new one.",
    ),
    "released-deletion-moved": (
        "What a released cloze note hides under one number is hidden under another, or what one mask of a picture hid "
        "is hidden by another; learners' schedules would go on with another answer.",
        "Write the number that was released; a new deletion takes a new number, wherever it is in the text. A mask "
        "keeps its id.",
    ),
    "released-file-changed": (
        "A file that the templates or the style of an adopted note type name is another one than learners have; Anki "
        "would keep theirs.",
        "Save the new file under another name, such as `_logo-2.png`, and write that in templates and styles.",
    ),
    "released-guid-changed": (
        "A released note has another `guid`, or lost the one that it had; learners would get it as a new note, and "
        "keep the old one.",
        "Write the `guid` that the report gives. A note that was released without one has none: remove it there.",
    ),
    "released-id-changed": (
        "A released question, recall note or section has another id, or a deck, section or note type another number in "
        "Anki; to learners it would be a new one, or their schedule would go on with another question.",
        "Write the id that was released; the help line names it. What is a new question takes a new id.",
    ),
    "released-kind-changed": (
        "A released note is of another note type now, or a note type has cards of deletions now, or has them no more; "
        "updates would stop.",
        "Give the note another id, such as `my-note-2`, and put the old one back, as it was or `retired`. Put the note "
        "type back, and make one of its own for what is new.",
    ),
    "released-name-changed": (
        "The `deck_name` of a deck or section that was released, or its `name` under `anki`, or that of a deck in "
        "`card_decks`, is another one than learners have.",
        "Write the name that the report gives, or remove it: it stays as it was. `title` may be any.",
    ),
    "released-name-reused": (
        "A field has a name in Anki that another field of its note type has in a release, or had: when that one was "
        "renamed, cards would show it in the place of this one.",
        "Write the name that the report gives, or one that no field of the note type has ever had.",
    ),
    "released-package-missing": (
        "A history that cardpress 1.0 wrote lacks names in Anki and cloze deletions, and dist/ has no released package "
        "to take them from.",
        "Put the package of the last release back: `git checkout -- dist/my-deck.apkg`, or a copy of it as "
        "`dist/.released-1.0.0.apkg`. The next release writes into the history what it is needed for.",
    ),
    "released-question-missing": (
        "A released question or recall note is gone from the source without being retired.",
        "Put it back. To retire it, keep it and add `retired: {reason: Out of date.}`.",
    ),
    "remote-media": (
        "A picture or a sound is on the network; a card must work without it.",
        "Download the file to `source/media/` and write its name alone: `![what it shows](picture.svg)`.",
    ),
    "retired-id-reused": (
        "A new question has the id of a retired one; learners who kept that would see it overwritten.",
        "Give the new question an id that was never used, such as `my-question-2`.",
    ),
    "self-reference": (
        "`see_also` names the question that it stands in.",
        "Name another question, or remove the entry.",
    ),
    "snippet-syntax": (
        "A snippet is not valid Python, or its `# card:` and `# end` markers do not pair.",
        "Run the file (`python source/snippets/example.py`) to see the mistake; write `# card:` above "
        "each part that is shown, and `# end` below it.",
    ),
    "spare-out-of-turn": (
        "A field or card is called like a spare one of Anki's that is not its own, or was to take one that is in use.",
        "Write the next spare's name, as the report has it, or a name that no spare one has. Without `was`, what is "
        "new takes the next spare one.",
    ),
    "special-file": (
        "A pipe, a socket, a device or a folder where the deck wants a file, or one of many links to a file.",
        "Put a regular file there, or remove it.",
    ),
    "table-syntax": (
        "A table has a quote that is never closed, one inside a cell without quotes, or text behind one.",
        'Put the whole cell in quotes, and write each quote in it twice: `"a ""b"" c"`.',
    ),
    "template-condition": (
        "A front of a card template shows something for other notes than those that have the card by its declaration.",
        "Put the whole front into the sections of the fields that the card needs: `{{#Reverse}}` … `{{/Reverse}}`.",
    ),
    "template-error": (
        "A project's own page template cannot be made into a page: its syntax, an unknown name, no end, or too much.",
        "Correct the line that is named; [note-types.md](note-types.md#a-page-of-your-own) says what a template has.",
    ),
    "template-field": (
        "A card template names a field that its note type lacks, or does not show the one that it asks.",
        "Correct the name in `{{Field}}`; the help line lists the note type's fields.",
    ),
    "template-filter": (
        "A card template shows a field through a filter that Anki does not have, or that does not suit the field.",
        "Write one of Anki's: `hint`, `type`, `tts en_US`, `furigana`, `kanji`, `kana`, `cloze`; or the field alone.",
    ),
    "template-remote": (
        "A template or style sheet loads something from elsewhere: `@import`, `url(…)`, `src`, a font.",
        "Remove it. A picture can stand in a `data:` address, a font of the page in `templates/web/fonts/`.",
    ),
    "template-script": (
        "A project's own template has script, or HTML that could become script once it is filled in.",
        "Remove it, or keep the field out of the tag. If you know what it does, write `trusted_templates: true` in "
        "`source/deck.yaml`.",
    ),
    "template-section": (
        "A card template opens a `{{#Field}}` that it does not close, or the other way round.",
        "Close every `{{#Field}}` with `{{/Field}}`, the inner one first.",
    ),
    "text-expected": (
        "YAML reads an unquoted value as a number, date, truth value or null where a text belongs.",
        'Put the value in quotes: `answer: "42"`.',
    ),
    "text-too-long": (
        "A text has more than 20,000 characters (of HTML, 500,000), a list more than 1,000 entries, a title more "
        "than 300 characters, or a card template more than any needs.",
        "Split a text or a list into several questions; shorten a title or a template.",
    ),
    "too-deep": (
        "Lists, mappings, or brackets, quotes or deletions in a text, nested deeper than any deck needs.",
        "Write the list as a list, with one entry on each line; put brackets that belong to a text in backticks.",
    ),
    "too-many-marks": (
        "More than 30 combining marks stand on one character, as no language writes them.",
        "Remove the marks that are not meant; an editor may show them as one stain.",
    ),
    "unclosed-fence": (
        "A code fence is opened and never closed.",
        "Add a line of three backticks after the code.",
    ),
    "unknown-key": (
        "A key that the format does not have.",
        "Write the key that the help line offers; [format.md](format.md) lists all of them, and so does the file that "
        "`cardpress schema` writes.",
    ),
    "unknown-label": (
        "A card template asks for a label in the deck's language that nothing knows.",
        "Write one of the English texts in `templates/strings/en.yaml`, a label of the note type, or one that your own "
        "strings file has; see [Labels in the deck's language](note-types.md#labels-in-the-decks-language).",
    ),
    "unknown-level": (
        "`level` is not beginner, intermediate or advanced; or another value is not one that its field allows.",
        "Write one of the values that the help line lists, such as `beginner`.",
    ),
    "unknown-note-type": (
        "`note_type` names a kind of note that no folder of templates/note-types/ declares.",
        "Correct the name, or declare the note type: see [note-types.md](note-types.md).",
    ),
    "unknown-reference": (
        "`see_also` or `replaced_by` names a question that does not exist, or is no longer asked; or a comparison a "
        "section that does not exist.",
        "Write the `id` of a question that is still asked, or of a section.",
    ),
    "unlisted-file": (
        "A YAML file or a table in source/ that no section names.",
        "Add the section to `sections` in `source/deck.yaml` (`- id: second`, `title: …`), or move the "
        "file out of `source/`.",
    ),
    "unsafe-html": (
        "Script, an event handler, an embedded frame or a `javascript:` link.",
        "Remove it. To show it to the learner, put it in backticks: `` `<script>` ``.",
    ),
    "unsupported-font": (
        "A file among the fonts that is not TrueType or OpenType, or for the page not WOFF2.",
        "Put a `.ttf` or `.otf` file in `source/fonts/`; for the page, a `.woff2` file in `templates/web/fonts/`.",
    ),
    "unsupported-html": (
        "An HTML element that cards do not carry.",
        "Use Markdown, such as `**bold**` for `<b>`. To show the element, put it in backticks.",
    ),
    "unsupported-media": (
        "A picture that is not SVG, PNG, JPEG, GIF or WebP, a sound that is not MP3, Ogg, Opus, M4A, WAV or FLAC, or a "
        "file that is not what its name says, is cut short, or cannot be shown or played.",
        "Save the picture or the sound in one of these formats, with the ending that says so.",
    ),
    "unsupported-tag": (
        "An explicit YAML tag (`!something`); the format has none.",
        "Remove the tag; quote a text that begins with `!`.",
    ),
    "untypable-answer": (
        "A note's answer is to be typed, and is more than a line of words: a list, a block of code, a picture.",
        "Write it in one line, and put the rest into `extra`; or do not let it be typed.",
    ),
    "unused-template": (
        "A file of a project's templates/ that nothing uses.",
        "Move or rename it as the help line says, or remove it.",
    ),
    "version-not-plain": (
        "`version` or `date` in `source/deck.yaml` is not a plain value on the line of its key, so `release` could not "
        "write the next one there.",
        "Write the value itself after the key: `version: 1.4.0`, without an anchor, an alias or a block.",
    ),
    "wrong-type": (
        "A list, mapping or text where the format wants another of them.",
        "Write what the help line shows: a list as `tags: [numbers]`, a text on one line or below `|`.",
    ),
    "yaml-syntax": (
        "The file is not valid YAML.",
        'Type the line as the help line shows it; most often a text must be quoted: `question: "What is this: one?"`.',
    ),
}

_WARNINGS = {
    "altered-name": (
        "A title has `::` or straight quotes, which no name of a deck in Anki can have.",
        "Write one colon or a dash, and `“…”`.",
    ),
    "bad-print-font": (
        "The project's own fonts fail in print, or need too much time or memory; the engine's are used instead.",
        "Remove the fonts of `source/fonts/` that are not needed, or take other versions of them.",
    ),
    "bad-print-template": (
        "A project's own template of a sheet fails, or needs too much time or memory; the engine's is used instead.",
        "Correct the file of `templates/print/` that is named, or remove it.",
    ),
    "card-overflow": (
        "A text fits no printed card, even on several: its words alone are printed, or it is cut off.",
        "Shorten the text that is named, or give it narrower tables and shorter lines.",
    ),
    "code-too-wide": (
        "A line of code is wider than a phone shows: over 42 columns on a note below a question, over 56 on others.",
        "Break the line, in Python inside of brackets, take shorter names, or show less; an output may be wider.",
    ),
    "crowded-print": (
        "A question or a comparison consists of very many small parts, such as list entries or cells; the PDFs have "
        "its words alone.",
        "Make several questions of it, or say it in sentences.",
    ),
    "doubtful-formula": (
        "With `math: dollars`, what stands between two dollars is a formula, and reads as prose or as prices.",
        "Write `\\$` for a dollar: `between \\$5 and \\$7`. Words that belong to a formula stand in `\\text{…}`.",
    ),
    "doubtful-hint": (
        "What stands behind `::` in a cloze deletion is shown as its hint, and may well be a part of its answer.",
        "Put an answer that holds `::` in backticks, or write `::}}` at its end: an empty hint is none.",
    ),
    "doubled-bullet": (
        "An entry of a list begins with a bullet of its own, so that two stand before it.",
        "Remove the bullet at the start of the text; in a cell of a table each line is an entry by itself.",
    ),
    "dropped-html": (
        "A field of HTML has an element, an attribute or a style that cards do not keep, such as a script.",
        "Remove it; what Anki's editor makes is kept, and a card template of yours can have styles for classes.",
    ),
    "empty-sheet": (
        "`outputs` or `--only` names a printed sheet that the deck has nothing for: recall cards where no note stands "
        "below a question, or a cheat sheet where no question has a gist and there are no comparisons.",
        "Write `false`, as in `recall-cards: false`, or leave it out; or notes below questions, as `recall: […]`; "
        "for the cheat sheet `gist: […]`.",
    ),
    "english-labels": (
        "Cardpress has no labels in the deck's language, and no file of yours has them all: on cards, page and sheets "
        "some are English.",
        "Translate `templates/strings/en.yaml` of cardpress into a file of your own, such as "
        "`templates/strings/it.yaml`; or switch the warning off.",
    ),
    "example-answer-too-long": (
        "`example_answer` has more than 150 words: longer than anyone speaks.",
        "Cut the answer to what you would say in one minute.",
    ),
    "gist-too-long": (
        "A gist has more than five lines, or a line of more than 120 characters. The cheat sheet has the first five "
        "lines.",
        "Keep what one looks up, in words as few as on a note to oneself; all else stands in the answer.",
    ),
    "joined-lines": (
        "YAML joins the lines of a text that is not written below `|`, and a list, table, fence or heading is lost.",
        "Begin the text with `|`, on a line of its own, which keeps its lines: `answer: |`.",
    ),
    "large-sound": (
        "A sound is larger than 100 MB, so that AnkiWeb will not take it along to learners' other devices.",
        "Cut it, or save it as MP3 with fewer bits a second: 48 kbit/s are plenty for speech.",
    ),
    "link-in-the-way": (
        "A symbolic link stands where a release writes, which follows none: the changelog, `source/` or `dist/`.",
        "Put the file or folder itself there.",
    ),
    "list-not-nested": (
        "An entry of a list is indented, but not far enough to be inside the one above it.",
        "Indent it to where the text above begins: by three spaces below `1. `, by two below `- `.",
    ),
    "location-in-file": (
        "A picture or sound says where it was taken or recorded, and learners get it as it is.",
        "Take that out of the file, as the help line says; or switch the warning off where the place is no secret.",
    ),
    "long-cheat-sheet": (
        "The gists and comparisons of a deck have no room on one sheet of paper, even in the smallest type.",
        "Shorten them, or keep those of the questions that matter most: what is on further pages is not looked up.",
    ),
    "long-title": (
        "AnkiWeb takes titles of 60 characters, and the deck's is longer: `<id>.ankiweb.txt` has it cut at a word.",
        "Shorten the title; it may change at any time. Or type one of your own into AnkiWeb's form.",
    ),
    "looks-like-cloze": (
        "What hides nothing and seems to: a cloze deletion outside a cloze text, or `{{…}}` without `c1::` in one.",
        "Make a recall note of it, with `cloze:`; write `{{c1::…}}`; or put it in backticks to show it.",
    ),
    "looks-like-math": (
        "What other programs set as a formula, such as `$x^2$`, is shown as typed here.",
        "Write `\\(x^2\\)`, or `math: dollars` in deck.yaml; put code in backticks.",
    ),
    "looks-like-sound": (
        "What Anki or another program would play, such as `[sound:a.mp3]`, is shown as typed here.",
        "Link to the sound, `[listen](https://example.org/a.mp3)`; or put it in backticks to show it.",
    ),
    "looks-like-template": (
        "A sign of Anki's card templates, such as `[[type:Front]]`, in a text, where it is shown as typed.",
        "Remove it, or put it in backticks to show it.",
    ),
    "lost-cell": (
        "A row of a table has more cells than the table's head; the last ones are not shown.",
        "Write `\\|` for a bar inside a cell, in code too, or give the head a column more.",
    ),
    "lost-sign": (
        "Stars between numbers or letters, or the underscores of a name, are marks for Markdown, and are not shown.",
        "Write `3\\*4\\*5`, put a name such as `__init__.py` in backticks, or write a formula.",
    ),
    "markdown-in-html": (
        "A field of HTML has signs of Markdown, such as `**bold**`, backticks or lines that begin with `-`: learners "
        "read them as they are typed. Texts that they have already are left alone.",
        "Write HTML, as in `<b>bold</b>`, `<code>…</code>` and `<ul><li>…</li></ul>`; or declare another note type for "
        "new questions, with `holds: line` or `text`.",
    ),
    "merge-conflict": (
        "A snippet holds both sides of a merge, with the marks of git around them. In `CHANGELOG.md` this is an error.",
        "Keep one side, and remove the lines that begin with `<<<<<<<`, `=======` and `>>>>>>>`.",
    ),
    "missing-glyph": (
        "A character that no print font has; the PDFs print a box for it.",
        "Put a font that has the character in `source/fonts/`, such as a free one of Noto (for Chinese, Japanese and "
        "Korean, an .otf file of Noto Sans SC, JP or KR), or write the text in another way.",
    ),
    "missing-wanted": (
        "A note lacks a value that its note type calls `wanted`.",
        "Add the key that the help line names, or remove `wanted` from the note type.",
    ),
    "more-problems": (
        "A file has more problems than a report lists; it is an error when some of those left out are errors.",
        "Mend those that are listed, and check again.",
    ),
    "near-duplicate-question": (
        "Two questions ask nearly the same, and have nearly the same answer.",
        "Make the two ask for different things, or remove one of them.",
    ),
    "no-booklet": (
        "`outputs` or `--only` names the booklet of a deck that has too many questions for one.",
        "Write `booklet: false` or leave it out; or make several decks of it.",
    ),
    "no-source": (
        "A question names no source.",
        "Add the page that the answer rests on: `sources: [https://example.org/page]`.",
    ),
    "number-becomes-list": (
        "A text begins with a number and a period, so Markdown makes a list of it.",
        "Put a colon after the number (`401: …`), or begin with a word.",
    ),
    "odd-character": (
        "A character that is not what it looks like: one that nobody sees, in code another space or quote than the "
        "plain one, or curly quotes around a text, which quote nothing in YAML.",
        "Type a space or a straight quote in its place, or remove it, as the help line says.",
    ),
    "odd-template": (
        "A card template of an adopted note type has what Anki takes for a mistake: a field or a filter that there is "
        "not, a section that is not closed.",
        "Leave it, and learners see what they always saw; or mend it in the template, which then is an update.",
    ),
    "recall-asks-for-a-list": (
        "A recall note asks for a list; a card holds one fact.",
        "Make one recall note for each part of the list.",
    ),
    "recall-too-long": (
        "A recall answer has more than 40 words.",
        "Split the note, or move what explains the answer to `extra`.",
    ),
    "replaced-style": (
        "A style sheet of a project replaces ours, and lacks most of it.",
        "Put your rules alone into `templates/style.css` for cards, `templates/web/style.css` for the page: they come "
        "after ours.",
    ),
    "shown-by-anki-alone": (
        "A file of a deck that was taken over is nothing that page and sheets can show, such as a film or a broken "
        "picture: they have its name.",
        "Leave it, as learners have it; or put a picture in its place, under another name.",
    ),
    "stale-schema": (
        "`source/source.schema.json`, from which editors know the keys, is of other note types or another version.",
        "Run `cardpress schema`, which writes it anew, or delete it.",
    ),
    "text-cut-by-comment": (
        "An unquoted text is cut short by ` #`, which begins a comment, or in a list in brackets by a comma.",
        "Quote the text, or put two spaces before a comment that you mean. Where a comma does begin a new entry, quote "
        'both: `sources: ["Learning SQL", "chapter 3"]` are two.',
    ),
    "trusted-templates": (
        "`trusted_templates: true` lets script in this project's own templates into the package and the page.",
        "Read the files that are named before you build or trust the deck. This warning cannot be turned off.",
    ),
    "uncolored-code": (
        "Code is too long to be colored in a language whose highlighter is slow; it is set plain.",
        "Shorten it, or name another language, such as ```text.",
    ),
    "unknown-language": (
        "A code fence names a language that nobody knows; the code is shown without colors.",
        "Correct the name after the three backticks, such as `python`, or write `text` for no colors.",
    ),
    "unlabelled-mask": (
        "A mask has no label, and other masks of its picture have one: lists and answers do not say what it hides.",
        "Add `label: …` to the mask, what it hides in words.",
    ),
    "unprintable-picture": (
        "A picture, or a color in one, cannot be printed; the sheets have its description, or black, in its place.",
        "Open it in a drawing program, and save it anew; write colors as `#rrggbb`.",
    ),
    "unset-formula": (
        "A formula has a command that Anki alone sets; the page and the sheets show its LaTeX.",
        "Write it with other commands.",
    ),
    "unshown-field": (
        "A field of a note type is on no card, or no card waits for a flag.",
        "Name its key in a card's `answers` (a flag's in `when`), or put its field in a card template; or remove it, "
        "if it was not released yet.",
    ),
    "unsupported-markdown": (
        "What other programs add to Markdown and no output has: footnotes, `==marks==`, `[[wiki links]]`, `:::` "
        "blocks, callouts, lines of `#tags` alone, front matter, links in links, tables without `|---|---|`.",
        "Say a footnote in the text or in `extra`; write `<mark>marked</mark>`; else write what the help line says.",
    ),
    "unused-allow": (
        "`allow` names a warning that is not given there any more.",
        "Remove the code from `allow`.",
    ),
    "unused-label": (
        "A text of `templates/strings/` that nothing writes, most likely for a slip in the English words.",
        "Write the English words as `templates/strings/en.yaml` or the note type has them, or remove the line.",
    ),
    "wide-table": (
        "A table has more than 12 columns, for which the printed sheets have no room: its rows are printed as text.",
        "Make two tables of it, or a list.",
    ),
}

# What must be seen, whatever deck.yaml says.
_PERMANENT = frozenset({"more-problems", "trusted-templates"})
# Only the sheets' writer finds these.
_FOUND_LATE = frozenset(
    {
        "bad-print-font",
        "bad-print-template",
        "card-overflow",
        "crowded-print",
        "long-cheat-sheet",
        "unprintable-picture",
    }
)
_DEPEND_ON_OUTPUT = _FOUND_LATE | {"long-title", "missing-glyph", "wide-table"}


def _code(severity: Severity, code: str, meaning: str, mend: str) -> Code:
    return Code(severity, meaning, mend, code in _PERMANENT, code in _DEPEND_ON_OUTPUT, code in _FOUND_LATE)


CODES: Mapping[str, Code] = MappingProxyType(
    {code: _code(Severity.ERROR, code, *texts) for code, texts in _ERRORS.items()}
    | {code: _code(Severity.WARNING, code, *texts) for code, texts in _WARNINGS.items()}
)
