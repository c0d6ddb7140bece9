"""source/ → Bank. Every file is read once, every problem is reported, and only what is broken is left out."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from cardpress.diagnostics import TABLES, Diagnostic, SourceFile, Span, has_errors
from cardpress.diagnostics.checks import Allowance, Checks, Level
from cardpress.diagnostics.suggest import propose
from cardpress.history import records
from cardpress.history.records import History
from cardpress.note_types import NoteType
from cardpress.outputs import Wanted
from cardpress.source.bank import Bank, DeckInAnki, DeckInfo, Question, Section, Text, Trace
from cardpress.source.cheat_sheet import COMPARISON_LIST, read_comparisons
from cardpress.source.checks import ALLOWED, LEVELS, find_extent, read_allowances, read_levels, silence
from cardpress.source.contents import CHANGELOG, SCHEMA
from cardpress.source.files import Folder, leaves_folder
from cardpress.source.fonts import PRINT_FONT, find_other_files, read_fonts
from cardpress.source.kept import Kept, ReadQuestions
from cardpress.source.kept_questions import read_questions, write_questions
from cardpress.source.media.adopted import mark_adopted
from cardpress.source.merges import report_merges
from cardpress.source.note_types.folders import Declared
from cardpress.source.note_types.in_anki import DECK_IN_ANKI, SECTION_IN_ANKI, read_deck_in_anki
from cardpress.source.note_types.spares import arrange
from cardpress.source.outputs import WANTED, read_outputs
from cardpress.source.questions import QuestionReader, check_note_type, find_id, find_value
from cardpress.source.slugs import is_slug, make_slug
from cardpress.source.snippets import SnippetShelf
from cardpress.source.string_files import read_strings
from cardpress.source.strings import Strings
from cardpress.source.templates.loading import Templates
from cardpress.source.traces import find_sections, find_traces
from cardpress.source.yaml.nodes import Mapping as MappingNode
from cardpress.source.yaml.nodes import Node, Scalar, compose
from cardpress.source.yaml.nodes import Sequence as SequenceNode
from cardpress.source.yaml.reading import Fields, Reader, Shape, drop_missing, find_first_span
from cardpress.source.yaml.syntax import DASH_HELP, has_joined_dash
from cardpress.source.yaml.value_types import (
    ADDRESS,
    DATE,
    DECK_NAME,
    FLAG,
    ID,
    KIND,
    LANGUAGE,
    TAGS,
    TEXTS,
    VERSION,
    ListOf,
    OneOf,
    choice,
)

IDS = Shape("ids of rows", {"from": "The key of the column whose text makes each row's id."})
SECTION = Shape(
    "a section",
    {
        "id": "The permanent id, which names the section's file: `basics` is `source/basics.yaml`.",
        "title": "The section's name. Its subdeck in Anki keeps that of its first release.",
    },
    {
        "deck_name": "Its name in Anki below the deck's, or `false` for none: see [Names](releases.md#names-in-anki).",
        "description": "One plain paragraph.",
        "allow": "A list of warnings that its questions may cause, such as `[no-source]`: see [Checks](#checks).",
        "note_type": "The kind of its questions, when it is not the deck's: a folder of `templates/note-types/`.",
        "table": "A file of `source/` that holds its questions, such as `europe.csv`: see [Tables](#tables).",
        "ids": "With `table`: what ids are made of, as in `{from: country}`: see [Ids of rows](#ids-of-rows).",
        "tags": "A list of Anki tags that all its notes have.",
        "anki": "What learners have of it already: see [Adopted decks](#adopted-decks).",
    },
    types={
        "id": OneOf((ID, IDS)),
        "deck_name": OneOf((DECK_NAME, {"const": False})),
        "allow": ALLOWED,
        "note_type": KIND,
        "ids": IDS,
        "tags": TAGS,
        "anki": SECTION_IN_ANKI,
    },
    needs={"ids": "table"},
    instead=dict.fromkeys(
        ("file", "path", "source", "questions"),
        "remove it: the section's file is called after its `id`; for a table write `table: …`",
    ),
)
DECK = Shape(
    "the deck",
    {
        "id": "The permanent id, which names the files in `dist/`: see [Ids](#ids).",
        "title": "The deck's name. [In Anki](releases.md#names-in-anki) it stays that of the first release.",
        "version": "A semantic version, such as `1.4.0`; `release` writes it.",
        "date": "That version's day, such as `2026-11-24`; `release` writes it.",
        "sections": "A list of the deck's sections, in order: see [A section](#a-section).",
    },
    {
        "language": "A language tag, such as `en` (the default) or `pt-BR`.",
        "deck_name": "Its name in Anki, where `A::B` is two levels: see [Names in Anki](releases.md#names-in-anki).",
        "description": "One plain paragraph.",
        "introduction": "The start of the page and the booklet (Markdown).",
        "checked": "What the deck was last checked on; at the foot of cards and sheets.",
        "authors": "A list of names.",
        "comparisons": "Tables for the cheat sheet, each with a title: see [Cheat sheet](#cheat-sheet).",
        "checks": "Which warnings are `off`, and which an `error`, by their codes: see [Checks](#checks).",
        "license": "An SPDX name, such as `CC-BY-4.0`.",
        "homepage": "An address.",
        "inherit_tags": "`false`: the tags of a question are not those of its recall notes, and sections have none.",
        "math": "`dollars`: `$…$` and `$$…$$` are formulas, too: see [Formulas](#formulas).",
        "note_type": "The kind of the deck's questions: a folder of `templates/note-types/`, by default `interview`.",
        "outputs": "What a build makes, and how sheets are printed: see [Outputs](#outputs).",
        "report_url": "The address where a learner reports a mistake; `{id}` and `{version}` in it are filled in.",
        "trusted_templates": "`true`: script in your own templates is let into the package and the page.",
        "anki": "What learners have of it already: see [Adopted decks](#adopted-decks).",
    },
    types={
        "id": ID,
        "homepage": ADDRESS,
        "report_url": ADDRESS,
        "sections": ListOf(SECTION, least=1),
        "authors": TEXTS,
        "checks": LEVELS,
        "comparisons": COMPARISON_LIST,
        "date": DATE,
        "deck_name": DECK_NAME,
        "inherit_tags": FLAG,
        "language": LANGUAGE,
        "math": choice("dollars"),
        "note_type": KIND,
        "outputs": WANTED,
        "trusted_templates": FLAG,
        "version": VERSION,
        "anki": DECK_IN_ANKI,
    },
)
# The folders of source/ that are read by their names.
_FOLDERS = ("fonts", "media", "snippets")
# The kind of a deck's questions when deck.yaml names none.
DEFAULT_KIND = "interview"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was read, and what was wrong with it."""

    bank: Bank
    diagnostics: tuple[Diagnostic, ...]


def load(source: Path, templates: Templates, kept: Kept | None = None) -> Loaded:
    """Return the Bank made from a project's source/ folder and the templates, and every problem found.

    `kept` is what was read of it before, and decides nothing but how long this takes.
    """
    loader = _Loader(Folder.of(source, "source", source.parent), templates.declared, kept or Kept())
    info, headings = loader.deck()
    history = loader.history()
    loader.arrange(info, history)
    sections = tuple(loader.section(heading) for heading in headings)
    reader = loader.reader
    reader.diagnostics.extend(_find_capitals(loader.folder))
    large = frozenset(history.media) if history else frozenset()
    read = loader.folder.sub("media").read_all(reader.diagnostics, large=large)
    media = mark_adopted(read, history, loader.declared.note_types.values())
    own_fonts = read_fonts(loader.folder.sub("fonts"), PRINT_FONT, reader.diagnostics)
    reader.diagnostics.extend(loader.folder.refused())
    reader.diagnostics += find_other_files(loader.folder.sub("fonts"))
    # Without deck.yaml, nobody knows the language.
    strings, problems = loader.strings(templates, info) if info else (Strings(), ())
    bank = Bank(
        info=info,
        sections=sections,
        snippets=loader.shelf.snippets,
        media=media,
        unread_media=frozenset(loader.folder.sub("media").names()) - media.keys(),
        fonts=(*templates.fonts, *own_fonts.values()),
        engine_fonts=templates.engine_fonts,
        templates=templates.texts,
        web_fonts=templates.web_fonts,
        replaced_templates=templates.replaced,
        own_templates=templates.own,
        note_types=_list_used(loader.declared.note_types, loader.kind, sections),
        known_note_types=loader.declared.note_types,
        schema=loader.schema(),
        history=history,
        checks=Checks(loader.levels, (*loader.allowances, *loader.questions.allowances)),
        wanted=loader.wanted,
        traces=loader.traces(source.parent, info, history),
        complete=not (has_errors(reader.diagnostics) or templates.declared.broken),
        broken_ids=frozenset(loader.broken),
        strings=strings,
    )
    return Loaded(bank, (*reader.diagnostics, *problems))


def check_changelog(project: Path) -> Iterator[Diagnostic]:
    """Yield what is wrong with the changelog, which is not part of the source, but which a release adds to."""
    file = Folder.of(project, "", project).read_text(CHANGELOG)
    if not isinstance(file, Diagnostic):
        yield from report_merges(file, is_error=True)  # a release would write its section between the sides
    elif file.code != "missing-file":
        yield file


def _list_used(known: Mapping[str, NoteType], kind: str, sections: Sequence[Section]) -> dict[str, NoteType]:
    """Return the note types that notes can have: those of questions, `kind` first, each with those below it."""
    used = {question.note_type.kind for section in sections for question in section.questions} or {kind}
    tops = sorted(used & set(known), key=lambda each: (each != kind, each))
    kinds = dict.fromkeys(each for top in tops for each in (top, *known[top].below))
    named = (note.note_type.kind for section in sections for each in section.questions for note in each.recall)
    return {each: known[each] for each in (*kinds, *sorted(set(named) - set(kinds)))}


class _Loader:
    def __init__(self, folder: Folder, declared: Declared, kept: Kept) -> None:
        self.folder = folder
        self.kept = kept
        self.reader = Reader()
        self.shelf = SnippetShelf(folder.sub("snippets"), kept)
        self.declared = declared
        # What brought the note types into their order.
        self.arranged_by: tuple[str, ...] = ()
        self.questions = QuestionReader(self.reader, self.shelf, declared)
        # The kind of the deck's questions, and those of sections that have another.
        self.kind = DEFAULT_KIND
        self.kinds: dict[str, str] = {}
        # By the ids of sections: their tables (None for one that cannot be read), and the columns that ids are made of.
        self.tables: dict[str, Text | None] = {}
        self.made_from: dict[str, Text] = {}
        # Whether tags reach what stands below them.
        self.inherits_tags = True
        # What deck.yaml wants of checks.
        self.levels: dict[str, Level] = {}
        self.allowances: list[Allowance] = []
        self.wanted = Wanted()
        self.broken: set[str] = set()
        self.read: set[str] = set()
        # The only file that no section names, by the only one that a section names in vain.
        self.renamed: dict[str, str] = {}
        # The files beside deck.yaml, and those that are named as an editor or another program likes to; and
        # these by the ids of the sections that they may have been meant for.
        self.named = tuple(name for name in folder.names(".yaml", ".yml", ".txt") if "/" not in name)
        self.by_stem: dict[str, list[str]] = {}
        for name in self.named:
            self.by_stem.setdefault(_cut_endings(name), []).append(name)
        self.table_files = folder.names(*TABLES)
        self.deck_file = "deck.yaml" if "deck.yaml" in self.named else self.misnamed("deck") or "deck.yaml"
        self.files = tuple(
            name
            for name in self.named
            if name not in ("deck.yaml", self.deck_file) and name.lower().endswith((".yaml", ".yml"))
        )

    def strings(self, templates: Templates, info: DeckInfo) -> tuple[Strings, tuple[Diagnostic, ...]]:
        """Return the engine's texts in the deck's language, and the problems of a project's own."""
        files, language = templates.strings, info.language.value
        return self.kept.make_once("strings", (files, language), lambda: read_strings(files, language))

    def misnamed(self, stem: str) -> str | None:
        """Return the file that may have been meant as `{stem}.yaml`, such as `{stem}.yaml.txt`; None without one."""
        return next((name for name in self.by_stem.get(stem, ()) if name != f"{stem}.yaml"), None)

    def read_text(self, name: str) -> SourceFile | None:
        """Return a text file, None after reporting why it cannot be read."""
        file = self.folder.read_text(name)
        if isinstance(file, Diagnostic):
            self.reader.diagnostics.append(file)
            return None
        return self.kept.recognize(file)

    def root(self, name: str) -> Node | None:
        """Return the root node of a YAML file, None when the file is empty or cannot be read."""
        file = self.read_text(name)
        return self.compose(file, name) if file else None

    def compose(self, file: SourceFile, name: str) -> Node | None:
        """Return the root node of a YAML file, None when it is empty or no YAML."""
        node, problems = compose(file)
        self.reader.diagnostics.extend(problems)
        if node is None and not problems:
            hint = (
                "write its keys: id: …, title: …" if name == self.deck_file else "write its questions, each after `- `"
            )
            self.reader.report("empty-text", Span(file), f"source/{name} is empty", hint)
        return node

    def history(self) -> History | None:
        """Return what history.json holds, None when there is no such file or it cannot be read."""
        if records.NAME not in self.folder.names(".json"):
            return None
        file = self.read_text(records.NAME)
        if file is None:
            return None
        read = self.kept.make_once("history", (file,), partial(records.parse, file))
        if isinstance(read, Diagnostic):
            self.reader.diagnostics.append(read)
            return None
        return read

    def arrange(self, info: DeckInfo | None, history: History | None) -> None:
        """Bring the note types into the order in which learners have them. `check/released.py` says what cannot be."""
        if info is None:
            return
        of = (self.declared.note_types, info.id.value, history)
        arranged = self.kept.make_once("note types", of, lambda: _arrange(self.declared, info, history))
        self.arranged_by = info.id.value, history.file.text if history else ""
        self.declared = self.declared._replace(note_types=arranged)
        self.questions = QuestionReader(self.reader, self.shelf, self.declared)

    def schema(self) -> SourceFile | None:
        """Return the schema of the source for editors, None when there is none or it cannot be read."""
        file = self.folder.read_text(SCHEMA) if SCHEMA in self.folder.names(".json") else None
        if isinstance(file, Diagnostic):
            self.reader.add(file)
            return None
        return file

    def traces(self, project: Path, info: DeckInfo | None, history: History | None) -> tuple[Trace, ...]:
        """Return the traces of releases in the project that the history does not have."""
        if info is None or (history is None and records.NAME in self.folder.names(".json")):
            return ()
        if history is None:
            return tuple(find_traces(project, info.id.value))
        # Of the changelog alone: a dist/ that git ignores may be another branch's.
        known = {name for each in history.releases for name in (each.version, each.shipped_version)}
        return tuple(each for each in find_sections(project, info.id.value) if each.version not in known)

    def deck(self) -> tuple[DeckInfo | None, tuple[Section, ...]]:
        """Return what deck.yaml says, and its sections, still without their questions.

        When it lists no sections, every other YAML file is taken as one, so that its problems are reported too.
        """
        if self.deck_file != "deck.yaml":  # what it says is heeded, so that there is but one problem
            hint = f"rename source/{self.deck_file} to deck.yaml"
            self.reader.report("missing-file", Span.of_file("source/deck.yaml"), "source/deck.yaml is not there", hint)
        node = self.root(self.deck_file)
        fields = self.reader.fields(node, DECK) if node is not None else None
        if fields is None:
            self.levels = silence()
            # deck.yaml says of which kind notes are. Without it, that they look like another is no mistake.
            self.questions.mistaken.update((self.kind, kind) for kind in self.declared.note_types)
        elif "checks" in fields.values:
            self.levels = read_levels(self.reader, fields.values["checks"])
        if fields is not None and "outputs" in fields.values:
            self.wanted = read_outputs(self.reader, fields.values["outputs"])
        if fields is None or "sections" not in fields.values:
            nowhere = Span.of_file("source/deck.yaml")
            stems = (Text(name.removesuffix(".yaml"), nowhere) for name in self.files if name.endswith(".yaml"))
            return None, tuple(Section(stem, stem) for stem in stems)
        self.kind = self.read_kind(fields) or DEFAULT_KIND
        self.reader.with_dollars = self.read_math(fields)
        self.inherits_tags = fields.flag("inherit_tags", default=True)
        listed_sections = fields.values["sections"]
        if isinstance(listed_sections, SequenceNode) and not listed_sections.items:
            hint = "write at least one: `- id: basics` and `title: Basics`"
            self.reader.report("empty-text", listed_sections.span, "`sections` is empty", hint)
        sections = drop_missing(fields.each("sections", self.heading))
        listed = _list_files(listed_sections)
        if listed is not None:
            self.report_unlisted_files(listed)
            self.report_unlisted_tables(listed, listed_sections)
        return _deck_info(fields), sections

    def report_unlisted_files(self, listed: frozenset[str]) -> None:
        """Report files that no section names. A single one may be that of the only section without a file."""
        astray = [name for name in self.files if name not in listed]
        missing = [name for name in sorted(listed) if name not in self.files]
        if len(astray) == len(missing) == 1 and not self.misnamed(missing[0].removesuffix(".yaml")):
            self.renamed = {missing[0]: astray.pop()}
        for name in astray:
            self.unlisted(name, listed)

    def unlisted(self, name: str, listed: frozenset[str]) -> None:
        """Report a file that no section names: it may want another name, or an entry in deck.yaml, or both."""
        section = _cut_endings(name)
        wanted = f"{section}.yaml"
        table = self.tables.get(section)
        if table and name == wanted and table.value not in self.table_files:
            return  # the table is reported
        if table and name == wanted:
            hint = f"move its questions to a section of their own, or remove `table: {table.value}` in source/deck.yaml"
            message = f"the section `{section}` has the table source/{table.value}, so that nothing reads source/{name}"
            self.reader.add(self.folder.problem("unlisted-file", name, message, hint))
            return
        steps = []
        if name != wanted:
            steps.append(f"rename it to {wanted}")
        if wanted not in listed:
            steps.append(f"add `- id: {section}` to `sections` in source/deck.yaml")
        is_free = name == wanted or wanted not in self.named
        hint = ", and ".join(steps) + ", or move the file out of source/" if is_free else "move it out of source/"
        problem = self.folder.problem("unlisted-file", name, f"no section names source/{name}", hint)
        self.reader.diagnostics.append(problem)

    def report_unlisted_tables(self, listed: frozenset[str], sections: Node) -> None:
        """Report tables that no section names. One that a broken entry means is no mistake of its own."""
        values = [find_value(each, "table") for each in (sections.items if isinstance(sections, SequenceNode) else ())]
        named = {value.value for value in values if isinstance(value, Scalar)}
        unlisted = [name for name in self.table_files if name not in named and "/" not in name]
        astray = [each for each in values if each and not (isinstance(each, Scalar) and each.value in self.table_files)]
        for name in unlisted if len(unlisted) > len(astray) else ():
            section = make_slug(name.rpartition(".")[0])
            adding = f"add `table: {name}` to the section `{section}` in source/deck.yaml"
            if f"{section}.yaml" not in listed:
                adding = f"add `- {{id: {section}, title: …, table: {name}}}` to `sections` in source/deck.yaml"
            hint = f"{adding}, or move the file out of source/"
            problem = self.folder.problem("unlisted-file", name, f"no section names source/{name}", hint)
            self.reader.add(problem)

    def heading(self, node: Node) -> Section | None:
        """Return a section as deck.yaml lists it, without its questions; None when its id cannot be read."""
        fields = self.reader.fields(node, SECTION)
        if fields is None:
            return None
        table = fields.text("table")
        section_id, title = self.section_id(fields, table), fields.text("title")
        description, kind, tags = fields.text("description"), self.read_kind(fields), fields.texts("tags")
        has_subdeck = not _is_false(fields.values.get("deck_name"))
        instead = "write `deck_name: false` for no subdeck, or remove it for one with the section's title"
        deck_name = _read_deck_name(fields, instead) if has_subdeck else None
        anki = read_deck_in_anki(fields, SECTION_IN_ANKI)
        _refuse_two_names(fields, anki)
        if section_id is None:
            return None
        if title is None:  # so that its questions are checked all the same
            title = Text(section_id.value, Span.of_file("source/deck.yaml"))
        if kind:
            self.kinds[section_id.value] = kind
        if "table" in fields.values:
            self.tables[section_id.value] = table
        elif "ids" in fields.values:
            hint = "add `table: …`, or remove `ids`; questions in YAML have an `id` each"
            place = find_first_span(fields.values["ids"])
            self.reader.report("missing-key", place, "`ids` is for rows, and the section names no table", hint)
        if "ids" in fields.values:
            self.read_ids(fields.values["ids"], section_id)
        if "tags" in fields.values and not self.inherits_tags:
            place, hint = find_first_span(fields.values["tags"]), "remove them, or `inherit_tags: false`"
            self.reader.report("unknown-key", place, "with `inherit_tags: false` a section has no tags", hint)
        file_name = table.value if table else f"{section_id.value}.yaml"
        whole_file = Span(SourceFile(f"source/{file_name}", ""), 0, sys.maxsize)
        self.allowances += read_allowances(self.reader, fields, (*find_extent(node), whole_file))
        return Section(section_id, title, description, tags, deck_name=deck_name, has_subdeck=has_subdeck, anki=anki)

    def section_id(self, fields: Fields, table: Text | None) -> Text | None:
        """Return a section's id. Where `id` says of what ids are made, it is the name of the section's table."""
        node = fields.values.get("id")
        if table is None or not isinstance(node, MappingNode):
            return fields.text("id")
        section_id = Text(make_slug(table.value.rpartition(".")[0]), table.span)
        self.read_ids(node, section_id)
        return section_id

    def read_ids(self, node: Node, section_id: Text) -> None:
        """Read what `ids` of a section says."""
        fields = self.reader.fields(node, IDS)
        made_from = fields.text("from") if fields else None
        if made_from:
            self.made_from[section_id.value] = made_from

    def read_math(self, fields: Fields) -> bool:
        """Return whether formulas may stand between dollars."""
        text = fields.text("math", "truth value", "whole number", "null")
        if text and text.value != "dollars":
            hint = "write `math: dollars`, or remove it: `\\(…\\)` and `\\[…\\]` are formulas in any deck"
            self.reader.report("wrong-type", text.span, f"`math` cannot be `{text.value[:40]}`", hint)
        return text is not None and text.value == "dollars"

    def read_kind(self, fields: Fields) -> str | None:
        """Return the kind of questions that a mapping names under `note_type`, None when it names none."""
        named = fields.text("note_type")
        if named:
            check_note_type(self.reader, named, self.declared)
        return named.value if named else None

    def section(self, heading: Section) -> Section:
        """Return a section with the questions of its file."""
        if heading.id.value in self.tables:
            table = self.tables[heading.id.value]
            return self.with_rows(heading, table) if table else heading
        name = _name_file(heading.id.value)
        is_meant = name not in self.files and not is_slug(heading.id.value)
        if is_meant or name in self.read or name == "deck.yaml":
            return heading  # rules report it as `bad-id` or `duplicate-id`
        self.read.add(name)
        if name not in self.files:
            message = f"section `{heading.id.value}` has no file source/{name}"
            meant = self.misnamed(heading.id.value) or self.renamed.get(name)
            hint = f"rename source/{meant} to {name}" if meant else f"create source/{name} with a list of questions"
            self.reader.report("missing-section-file", heading.id.span, message, hint)
            return heading
        file = self.read_text(name)
        if file is None:
            return heading
        kind = self.kinds.get(heading.id.value, self.kind)
        return self.with_kept(heading, file, kind, None, lambda: self.with_list(heading, file, name, kind))

    def with_list(self, heading: Section, file: SourceFile, name: str, kind: str) -> Section:
        """Return a section with the questions of a list in YAML: as they were read before, or else of its nodes."""
        shelf = self.kept.shelf
        if shelf is None:
            found = self.read_list(file, name, kind)
            return heading if found is None else self.with_questions(heading, found)
        # With the engine and the templates, these decide what is read.
        made_of = (file.path, file.text, kind, str(self.reader.with_dollars), *self.arranged_by)
        data = shelf.find(made_of)
        if data is not None and (known := self.recall(data, file)) is not None:
            return self.with_questions(heading, known)
        before = self.count_reported()
        asked, allowed = len(self.shelf.asked), len(self.questions.allowances)
        questions = self.read_list(file, name, kind)
        if questions is None:
            return heading
        if self.count_reported() == before and not self.reader.is_full:
            read = (tuple(questions), tuple(self.shelf.asked[asked:]), tuple(self.questions.allowances[allowed:]))
            data = write_questions(file, read, self.declared.note_types)
            if data is not None:
                shelf.keep(made_of, data)
        return self.with_questions(heading, questions)

    def recall(self, data: bytes, file: SourceFile) -> tuple[Question, ...] | None:
        """Return the questions of a file that were kept, None where they, or a snippet that they name, are lost."""
        try:
            questions, snippets, allowances = read_questions(data, file, self.declared.note_types)
        except ValueError:
            return None
        if not all(self.shelf.has(name, self.reader) for name in snippets):
            return None  # which is reported where it is read anew
        self.questions.allowances.extend(allowances)
        return questions

    def read_list(self, file: SourceFile, name: str, kind: str) -> list[Question] | None:
        """Return the questions of a list in YAML, None after reporting that it is none."""
        node = self.compose(file, name)
        if node is None:
            return None
        if not isinstance(node, SequenceNode):
            hint = DASH_HELP if has_joined_dash(find_first_span(node)) else "start each question with `- id: …`"
            self.reader.wrong_type(node, "a list of questions", hint)
            return None
        questions = []
        for item in node.items:
            question = self.questions.read(item, kind)
            if question is None:
                self.broken.add(find_id(item) or "")
            else:
                questions.append(question)
        return questions

    def with_kept(
        self, heading: Section, file: SourceFile, kind: str, made_from: Text | None, read: Callable[[], Section]
    ) -> Section:
        """Return a section with the questions of a file: as they were read before, or else as `read` returns it.

        What had a problem is always read anew, so that it is reported.
        """
        named = made_from.value if made_from else None
        tags = heading.tags if self.inherits_tags else ()
        under = (kind, named, self.declared.note_types, self.declared.broken, self.reader.with_dollars, tags)
        known = self.kept.find_questions(file, under)
        if known and all(self.shelf.has(name, self.reader) for name in known.snippets):
            self.questions.allowances.extend(known.allowances)
            return replace(heading, table=known.table, questions=known.questions)
        before = self.count_reported()
        asked, allowed = len(self.shelf.asked), len(self.questions.allowances)
        section = read()
        if self.count_reported() == before and not self.reader.is_full:
            snippets = tuple(self.shelf.asked[asked:])
            allowances = tuple(self.questions.allowances[allowed:])
            kept = ReadQuestions(under, section.questions, snippets, allowances, section.table)
            self.kept.keep_questions(file, kept)
        return section

    def count_reported(self) -> int:
        """Return a number that grows with each problem, and with each part that could not be read."""
        return len(self.reader.diagnostics) + len(self.questions.mistaken) + len(self.broken)

    def with_rows(self, heading: Section, named: Text) -> Section:
        """Return a section with the questions of its table."""
        name = named.value
        if name in self.read:
            message = f"source/{name} is the table of another section already"
            self.reader.report("duplicate-id", named.span, message, "name another table, or remove this section")
            return heading
        if not self.is_table(named):
            return heading
        self.read.add(name)
        kind = self.kinds.get(heading.id.value, self.kind)
        note_type = self.declared.note_types.get(kind)
        file = self.read_text(name)
        if file is None or note_type is None:  # which was reported
            return heading
        made_from = self.made_from.get(heading.id.value)

        def read() -> Section:
            from cardpress.source.tables.rows import TableReader  # for sections that are tables

            table = TableReader(self.questions, file, note_type, made_from).read()
            self.broken |= table.broken
            return self.with_questions(replace(heading, table=table.table), table.questions)

        return self.with_kept(heading, file, kind, made_from, read)

    def is_table(self, named: Text) -> bool:
        """Return whether a section's table is a file that can be one. If not, report it."""
        name = named.value
        if leaves_folder(name):
            hint = "put the table into source/, and write its name, such as `table: europe.csv`"
            self.reader.report("path-outside-source", named.span, f"`{name}` is a path out of source/", hint)
        elif not name.lower().endswith(TABLES):
            hint = "save it as CSV (UTF-8), such as `europe.csv`"
            if name.lower().endswith((".yaml", ".yml")):
                hint = f"remove `table`: the section `{make_slug(name.rpartition('.')[0])}` has source/{name} by itself"
            self.reader.report("missing-section-file", named.span, f"`{name}` is no table (.csv or .tsv)", hint)
        elif name not in self.table_files:
            bare = name.removeprefix("source/")
            hint = f"create source/{bare}, with the names of the columns in its first row"
            hint = f"write `table: {bare}`" if bare in self.table_files else propose(bare, self.table_files, hint)
            self.reader.report("missing-section-file", named.span, f"there is no table source/{name}", hint)
        else:
            return True
        return False

    def with_questions(self, heading: Section, questions: Sequence[Question]) -> Section:
        """Return a section with its questions, to which its tags reach."""
        tagged = (_hand_down(question, heading.tags) for question in questions)
        return replace(heading, questions=tuple(tagged if self.inherits_tags else questions))


def _arrange(declared: Declared, info: DeckInfo, history: History | None) -> dict[str, NoteType]:
    """Return the note types with their fields and cards in the order in which learners have them."""
    released = history.note_types if history else {}
    types = declared.note_types.items()
    return {kind: arrange(each, info.id.value, released.get(kind)).note_type for kind, each in types}


def _is_false(node: Node | None) -> bool:
    return isinstance(node, Scalar) and node.kind == "truth value" and node.value.lower() in ("false", "no", "off")


def _hand_down(question: Question, tags: tuple[Text, ...]) -> Question:
    """Return a question with these tags besides its own, and its recall notes with all of them."""
    own = (*question.tags, *tags)
    if not own or not (tags or question.recall):
        return question
    recall = tuple(replace(note, tags=(*note.tags, *own)) for note in question.recall)
    return replace(question, tags=own, recall=recall)


def _cut_endings(name: str) -> str:
    """Return the id of the section that a file may have been meant for: `Joins (copy).yaml.txt` is `joins-copy`."""
    return make_slug(re.sub(r"(?:\.ya?ml)?(?:\.txt)?$", "", name, flags=re.IGNORECASE))


def _name_file(section_id: str) -> str:
    """Return the file of a section's questions. Of what is no id, which is reported, that of the id that was meant."""
    return f"{section_id if is_slug(section_id) else make_slug(section_id)}.yaml"


def _find_capitals(folder: Folder) -> Iterator[Diagnostic]:
    """Yield a problem for each folder whose name differs from that of one that is read in capitals alone."""
    tops = sorted({name.partition("/")[0] for name in folder.names() if "/" in name})
    for top in tops:
        read = top.lower()
        if read in _FOLDERS and top != read:
            message = f"source/{top} is not read: the folder's name is source/{read}"
            yield folder.problem("unlisted-file", f"{top}/", message, f"rename source/{top} to source/{read}")


def _list_files(sections: Node) -> frozenset[str] | None:
    """Return the files that `sections` names, even in entries that are broken; None when an entry names none."""
    if not isinstance(sections, SequenceNode):
        return None
    items = [each for each in sections.items if find_value(each, "table") is None]
    ids = [each.value if isinstance(each, Scalar) else find_id(each) for each in items]
    return None if None in ids else frozenset(_name_file(each or "") for each in ids)


def _read_deck_name(fields: Fields, instead: str) -> Text | None:
    """Return a name in Anki; `instead` says what to do where nothing is written for one."""
    named = fields.values.get("deck_name")
    if isinstance(named, Scalar) and named.kind == "null" and named.value:
        fields.reader.report("text-expected", named.span, f"`deck_name: {named.value}` is no name", instead)
        return None
    return fields.text("deck_name")


def _refuse_two_names(fields: Fields, anki: DeckInAnki | None) -> None:
    """Report a name in Anki that stands beside another."""
    if anki and anki.name and "deck_name" in fields.values:
        place, hint = find_first_span(fields.values["deck_name"]), "remove it: what learners have is its name"
        fields.reader.report("wrong-type", place, "`deck_name` stands beside a `name` under `anki`", hint)


def _deck_info(fields: Fields) -> DeckInfo | None:
    deck_id, title, language = fields.text("id"), fields.text("title"), fields.text("language")
    # Rules check the form of these two, so missing quotes are no problem here.
    version = fields.text("version", "number", "whole number")
    date = fields.text("date", "date", "number", "whole number")
    description, introduction = fields.text("description"), fields.markdown("introduction")
    authors, license_name = fields.texts("authors"), fields.text("license")
    homepage, report_url, checked = fields.text("homepage"), fields.text("report_url"), fields.text("checked")
    deck_name = None
    if _is_false(fields.values.get("deck_name")):
        place, hint = fields.values["deck_name"].span, "remove it; a section can have `deck_name: false`"
        fields.reader.report("wrong-type", place, "a deck has a name, and `deck_name: false` is for a section", hint)
    else:
        deck_name = _read_deck_name(fields, "remove it, and the deck is called as its title; or write a name")
    comparisons = read_comparisons(fields)
    anki = read_deck_in_anki(fields)
    _refuse_two_names(fields, anki)
    trust = fields.values["trusted_templates"].span if fields.flag("trusted_templates") else None
    if not (deck_id and title and version and date):
        return None
    return DeckInfo(
        id=deck_id,
        title=title,
        version=version,
        date=date,
        language=language or Text("en", deck_id.span),
        description=description,
        introduction=introduction,
        checked=checked,
        authors=authors,
        license=license_name,
        homepage=homepage,
        report_url=report_url,
        deck_name=deck_name,
        trust=trust,
        comparisons=comparisons,
        anki=anki,
    )
