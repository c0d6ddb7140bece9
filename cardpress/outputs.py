"""The outputs by their names: what each makes, what may be said of it in deck.yaml, and what a build then makes.

`pdf` stands for all printed sheets. A further sheet is an entry in `OUTPUTS`, and a template of its name in
`templates/print/`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from cardpress.diagnostics import Span

ALL_SHEETS = "pdf"
PAPERS = ("a4", "letter")
# How many cards may be cut out of a page. `writers/pdf/formats.py` has their sizes.
PER_PAGE = (4, 6, 8, 9, 10, 12, 16)
# Questions. A longer deck has no booklet: it would have a thousand pages, and Typst would need gigabytes for it.
LONGEST_BOOKLET = 500
# Options of outputs, as they are written.
PAPERS_OPTION = "papers"
PER_PAGE_OPTION = "per_page"
ADDRESS_OPTION = "address"
# What is made of all that the others make, and its folder.
SITE = "site"


@dataclass(frozen=True, slots=True)
class Output:
    """An output: its name, what it makes (Markdown, in one line), and the options that it takes.

    A `title` has what is a printed sheet. One that `needs_all` also prints what readers have to ask for: recall notes
    and folded fields. One `of_recall` prints the notes below questions, and not the questions; one `of_gists` prints
    gists and comparisons, and nothing else. `per_page` is how many cards are cut out of a page by default, None where
    there are none. One that is `on_request` is made only where it is named, and the page does not link it.
    """

    name: str
    makes: str
    options: tuple[str, ...] = ()
    title: str = ""
    needs_all: bool = False
    of_recall: bool = False
    of_gists: bool = False
    per_page: int | None = None
    # The template that prints it, if that has another name.
    printed_by: str = ""
    on_request: bool = False

    @property
    def template(self) -> str:
        """The name of the print template that makes it."""
        return self.printed_by or self.name


OUTPUTS: Mapping[str, Output] = MappingProxyType(
    {
        each.name: each
        for each in (
            Output("apkg", "`<id>.apkg`, the Anki package"),
            Output("page", "`<id>.html`, the page that works offline"),
            Output(
                "csv", "`<id>-update.csv`, notes without personal fields; by default where a note type has such fields"
            ),
            Output("json", "`<id>.json`, the deck as data, and `<id>.schema.json`, its JSON Schema"),
            Output(ALL_SHEETS, "all sheets below, as PDFs", (PAPERS_OPTION,)),
            Output(
                "cheatsheet",
                "one sheet to pin up, of gists and comparisons; for decks that have any",
                (PAPERS_OPTION,),
                "Cheat sheet",
                of_gists=True,
            ),
            Output("study-notes", "what each answer comes down to, in two columns", (PAPERS_OPTION,), "Study notes"),
            Output(
                "flashcards",
                "the questions as cards to print on both sides and cut out",
                (PAPERS_OPTION, PER_PAGE_OPTION),
                "Flashcards",
                per_page=8,
            ),
            Output(
                "recall-cards",
                "the notes below questions as such cards, more to a page; for decks that have any",
                (PAPERS_OPTION, PER_PAGE_OPTION),
                "Recall cards",
                of_recall=True,
                per_page=16,
                printed_by="flashcards",
            ),
            Output(
                "booklet",
                f"everything, to read; for decks of up to {LONGEST_BOOKLET} questions",
                (PAPERS_OPTION,),
                "Booklet",
                needs_all=True,
            ),
            Output(
                "ankiweb",
                "`<id>.ankiweb.txt`, what to paste into AnkiWeb's form for shared decks; only where it is named",
                on_request=True,
            ),
            Output(
                "crowdanki",
                "`crowdanki/`, a folder for the add-on CrowdAnki, with `deck.json` and media; only where it is named",
                on_request=True,
            ),
            Output(
                SITE,
                "`site/`, a folder for any web server: a front page, and on it all that `outputs` makes besides; only "
                "where it is named",
                (ADDRESS_OPTION,),
                on_request=True,
            ),
        )
    }
)
# What can be named in deck.yaml and with --only.
NAMES: tuple[str, ...] = tuple(OUTPUTS)
SHEETS: tuple[str, ...] = tuple(each.name for each in OUTPUTS.values() if each.title)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A printed sheet: its name, its sizes of paper, and how many cards are cut out of a page.

    That number is None where the output has its usual one, or no cards.
    """

    name: str
    papers: tuple[str, ...] = PAPERS
    per_page: int | None = None


ALL: tuple[Sheet, ...] = tuple(map(Sheet, SHEETS))


@dataclass(frozen=True, slots=True)
class SiteAddress:
    """Where the site will be served, and where deck.yaml says so."""

    value: str
    span: Span


@dataclass(frozen=True, slots=True)
class Wanted:
    """What deck.yaml says of outputs: which it switches on or off, how sheets are printed, and where it says so.

    `address` is where the site will be served, None where that is not said.
    """

    switched: Mapping[str, bool] = field(default_factory=dict)
    sheets: Mapping[str, Sheet] = field(default_factory=dict)
    places: Mapping[str, Span] = field(default_factory=dict)
    address: SiteAddress | None = None

    def choose(self, only: Iterable[str] | None = None, off: Collection[str] = ()) -> tuple[str, ...]:
        """Return the outputs to make, sorted, each sheet by its own name.

        They are those that `only` names; by default, those that deck.yaml does not switch off. What it does not name
        either is made, but for those in `off` and those on request.
        """
        if only is not None:
            named = {each for name in only for each in (SHEETS if name == ALL_SHEETS else (name,))}
            return tuple(sorted(named))
        usual = (name for name, output in OUTPUTS.items() if name != ALL_SHEETS and not output.on_request)
        every = {name: name not in off for name in usual}
        if ALL_SHEETS in self.switched:
            every |= dict.fromkeys(SHEETS, self.switched[ALL_SHEETS])
        every |= {name: is_on for name, is_on in self.switched.items() if name != ALL_SHEETS}
        return tuple(sorted(name for name, is_on in every.items() if is_on))

    def list_sheets(self) -> tuple[Sheet, ...]:
        """Return how each sheet is printed where it is made."""
        return tuple(self.sheets.get(name, Sheet(name)) for name in SHEETS)


def leave_usual(outputs: Iterable[str]) -> tuple[str, ...]:
    """Return those of these outputs that are made of the deck alone and lie beside each other, sorted."""
    return tuple(sorted(name for name in outputs if not OUTPUTS[name].on_request))


@dataclass(frozen=True, slots=True)
class Extent:
    """How much a deck has of what sheets are made of: questions, notes below them, and gists and comparisons."""

    questions: int
    recall: int = 0
    gists: int = 0


def list_printed(sheets: Iterable[Sheet], extent: Extent) -> tuple[Sheet, ...]:
    """Return those of these sheets that are made of a deck."""
    return tuple(sheet for sheet in sheets if not is_too_long(sheet.name, extent) and not is_empty(sheet.name, extent))


def is_too_long(name: str, extent: Extent) -> bool:
    """Return whether a deck is too long for a sheet."""
    return name == "booklet" and extent.questions > LONGEST_BOOKLET


def is_empty(name: str, extent: Extent) -> bool:
    """Return whether a deck has nothing for a sheet."""
    output = OUTPUTS[name]
    return (output.of_recall and extent.recall == 0) or (output.of_gists and extent.gists == 0)
