"""YAML → Bank, with the place of every node. Every file is read once, every problem reported, and only what is
broken left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cardpress.history import records as history
from cardpress.diagnostics import Diagnostic, SourceFile, Span, has_errors
from cardpress.source.questions import find_id, read_question
from cardpress.source.files import Folder, leaves_folder
from cardpress.history.records import History
from cardpress.source.bank import Bank, DeckInfo, Media, Section, Text
from cardpress.source.nodes import Node, Sequence, compose
from cardpress.source.reading import Fields, Reader, Shape, drop_missing
from cardpress.source.snippets import SnippetShelf

DECK = Shape(
    "the deck",
    ("id", "title", "version", "date", "sections"),
    ("language", "description", "introduction", "checked", "authors", "license", "homepage", "report_url"),
)
SECTION = Shape("a section", ("id", "title"), ("description",))


@dataclass(frozen=True, slots=True)
class _FontKind:
    """How the fonts of a kind are called, how their files end and begin, and what to do about another one."""

    name: str
    suffixes: tuple[str, ...]
    starts: tuple[bytes, ...]
    help: str


_PRINT_FONT = _FontKind(
    name="a TrueType or OpenType font",
    suffixes=(".ttf", ".otf"),
    starts=(b"\x00\x01\x00\x00", b"true", b"OTTO"),
    help="put a .ttf or .otf font here",
)
_WEB_FONT = _FontKind("a WOFF2 font", (".woff2",), (b"wOF2",), "put a .woff2 font here")


@dataclass(frozen=True, slots=True)
class Templates:
    """The text files of templates/ by their path below it, and the fonts of print/fonts/ and web/fonts/ there."""

    texts: Mapping[str, SourceFile]
    fonts: tuple[Media, ...]
    font_folders: tuple[Path, ...]
    web_fonts: tuple[Media, ...]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was read, and what was wrong with it."""

    bank: Bank
    diagnostics: tuple[Diagnostic, ...]


def load_templates(*roots: Path) -> tuple[Templates, tuple[Diagnostic, ...]]:
    """Read the templates/ of each root; a later root's file takes the place of an earlier one's."""
    texts: dict[str, SourceFile] = {}
    fonts: dict[str, Media] = {}
    web_fonts: dict[str, Media] = {}
    reader = Reader()
    for root in roots:
        folder = Folder.of(root / "templates", "templates")
        for name in folder.names(".html", ".css", ".js", ".typ"):
            file = folder.read_text(name)
            if isinstance(file, Diagnostic):
                reader.diagnostics.append(file)
            else:
                texts[name] = file
        fonts |= _fonts(folder.sub("print").sub("fonts"), _PRINT_FONT, reader.diagnostics)
        web_fonts |= _fonts(folder.sub("web").sub("fonts"), _WEB_FONT, reader.diagnostics)
    font_folders = tuple(root / "templates" / "print" / "fonts" for root in roots)
    templates = Templates(texts, tuple(fonts.values()), font_folders, tuple(web_fonts.values()))
    return templates, tuple(reader.diagnostics)


def _fonts(folder: Folder, kind: _FontKind, diagnostics: list[Diagnostic]) -> dict[str, Media]:
    """Read a folder's fonts of a kind; what is none is reported and left out."""
    fonts = folder.read_all(diagnostics, *kind.suffixes)
    for name in [name for name, font in fonts.items() if not font.data.startswith(kind.starts)]:
        message = f"{folder.name}/{name} is not {kind.name}"
        diagnostics.append(folder.problem("unsupported-font", name, message, kind.help))
        del fonts[name]
    return fonts


def load(source: Path, templates: Templates) -> Loaded:
    """Read a project's source/ folder. `templates` are what prints it; rules check the deck against them."""
    loader = _Loader(Folder.of(source, "source"))
    info, headings = loader.deck()
    sections = tuple(loader.section(heading) for heading in headings)
    reader = loader.reader
    media = loader.folder.sub("media").read_all(reader.diagnostics)
    own_fonts = _fonts(loader.folder.sub("fonts"), _PRINT_FONT, reader.diagnostics)
    bank = Bank(
        info=info,
        sections=sections,
        snippets=loader.shelf.snippets,
        media=media,
        fonts=(*templates.fonts, *own_fonts.values()),
        font_folders=tuple(path for path in (*templates.font_folders, source / "fonts") if path.is_dir()),
        templates=templates.texts,
        web_fonts=templates.web_fonts,
        history=loader.history(),
        complete=not has_errors(reader.diagnostics),
        broken_ids=frozenset(loader.broken),
    )
    return Loaded(bank, tuple(reader.diagnostics))


class _Loader:
    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.reader = Reader()
        self.shelf = SnippetShelf(folder.sub("snippets"))
        self.broken: set[str] = set()
        self.read: set[str] = set()
        names = folder.names(".yaml", ".yml")
        self.files = tuple(name for name in names if "/" not in name and name != "deck.yaml")

    def root(self, name: str) -> Node | None:
        """Read one YAML file, None when there is nothing to go on with."""
        file = self.folder.read_text(name)
        if isinstance(file, Diagnostic):
            self.reader.diagnostics.append(file)
            return None
        node, problems = compose(file)
        self.reader.diagnostics.extend(problems)
        if node is None and not problems:
            hint = "write its keys: id: …, title: …" if name == "deck.yaml" else "write its questions, each after `- `"
            self.reader.report("empty-text", Span(file), f"source/{name} is empty", hint)
        return node

    def history(self) -> History | None:
        """Read what was released, None when nothing was."""
        if history.NAME not in self.folder.names(".json"):
            return None
        file = self.folder.read_text(history.NAME)
        read = file if isinstance(file, Diagnostic) else history.parse(file)
        if isinstance(read, Diagnostic):
            self.reader.diagnostics.append(read)
            return None
        return read

    def deck(self) -> tuple[DeckInfo | None, tuple[Section, ...]]:
        """Read deck.yaml. When its sections cannot be read, every other file is taken for one, to report on it too."""
        node = self.root("deck.yaml")
        fields = self.reader.fields(node, DECK) if node is not None else None
        if fields is None or "sections" not in fields.values:
            nowhere = Span(SourceFile.of("source/deck.yaml", ""))
            stems = (Text(name.removesuffix(".yaml"), nowhere) for name in self.files if name.endswith(".yaml"))
            return None, tuple(Section(stem, stem) for stem in stems)
        sections = drop_missing(fields.each("sections", self.heading))
        listed = {f"{section.id.value}.yaml" for section in sections}
        for name in self.files:
            if name not in listed:
                self.unlisted(name)
        return _deck_info(fields), sections

    def unlisted(self, name: str) -> None:
        stem, _, suffix = name.rpartition(".")
        hint = f"add `- id: {stem}` to `sections` in source/deck.yaml, or move the file out of source/"
        if suffix != "yaml":
            hint = f"rename it to {stem}.yaml"
        problem = self.folder.problem("unlisted-file", name, f"no section names source/{name}", hint)
        self.reader.diagnostics.append(problem)

    def heading(self, node: Node) -> Section | None:
        """Read a section's entry in deck.yaml."""
        fields = self.reader.fields(node, SECTION)
        if fields is None:
            return None
        section_id, title = fields.text("id"), fields.text("title")
        description = fields.text("description")
        return Section(section_id, title, description) if section_id and title else None

    def section(self, heading: Section) -> Section:
        """Read a section's file."""
        name = f"{heading.id.value}.yaml"
        if leaves_folder(name) or "/" in name or name in self.read or name == "deck.yaml":
            return heading  # `bad-id` or `duplicate-id` says so, and nothing outside is looked at
        self.read.add(name)
        if name not in self.files:
            message = f"section `{heading.id.value}` has no file source/{name}"
            hint = f"create source/{name} with a list of questions"
            self.reader.report("missing-section-file", heading.id.span, message, hint)
            return heading
        node = self.root(name)
        if node is None:
            return heading
        if not isinstance(node, Sequence):
            self.reader.wrong_type(node, "a list of questions", "start each question with `- id: …`")
            return heading
        questions = []
        for item in node.items:
            question = read_question(item, self.reader, self.shelf)
            if question is None:
                self.broken.add(find_id(item) or "")
            else:
                questions.append(question)
        return Section(heading.id, heading.title, heading.description, tuple(questions))


def _deck_info(fields: Fields) -> DeckInfo | None:
    deck_id, title, language = fields.text("id"), fields.text("title"), fields.text("language")
    # Rules say how these are written; that quotes are missing is never what is wrong with them.
    version = fields.text("version", "number", "whole number")
    date = fields.text("date", "date", "number", "whole number")
    description, introduction = fields.text("description"), fields.text("introduction")
    authors, license_name = fields.texts("authors"), fields.text("license")
    homepage, report_url, checked = fields.text("homepage"), fields.text("report_url"), fields.text("checked")
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
    )
