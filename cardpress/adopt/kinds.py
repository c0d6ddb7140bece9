"""Note types of an original → the folders of templates/note-types/ that declare them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from cardpress.adopt.plain_values import find_markdown
from cardpress.adopt.writing import Ids, Value, split_words, write_yaml
from cardpress.anki.original import OriginalCard, OriginalField, OriginalNote, OriginalType
from cardpress.deck.names import to_line
from cardpress.note_types import OF_READINGS, SHOWN_THROUGH, Holds
from cardpress.note_types.in_anki import OCCLUSION_KIND, USUAL_LATEX_AFTER, USUAL_LATEX_BEFORE
from cardpress.note_types.template_parts import Place, Section, TemplateError, read_template
from cardpress.source.note_types.declarations import RESERVED_KEYS, make_field_name
from cardpress.source.slugs import DEVICES, make_slug
from cardpress.source.tables.rows import COLUMNS
from cardpress.source.yaml.reading import LONGEST_LABEL

# Keys that no field gets: those that every note has, and the columns of every table.
NO_KEYS = frozenset((*RESERVED_KEYS, *COLUMNS))
# Characters of a key.
_LONGEST_KEY = 40
# The files of a note type's only card.
_ONLY = ("front.html", "back.html")
_CLOZE_FILTERS = ("cloze", "cloze-only")
_HTML = (Holds.HTML, Holds.HTML_CLOZE)


@dataclass(frozen=True, slots=True)
class Kind:
    """A note type as the project declares it: its folder's name, and the key of each field and what it holds.

    `markdown` has for each field the Markdown of those values that are not the same in it.
    """

    name: str
    original: OriginalType
    keys: tuple[str, ...]
    holds: tuple[Holds, ...]
    markdown: tuple[Mapping[str, str], ...]

    def write_fields(self, note: OriginalNote) -> tuple[str, ...]:
        """Return the texts of a note's fields as the project has them."""
        return tuple(known.get(value, value) for known, value in zip(self.markdown, note.fields, strict=True))

    def list_html(self) -> list[str]:
        """Return the keys of the fields that hold HTML."""
        return [key for key, holds in zip(self.keys, self.holds, strict=True) if holds in _HTML]

    @property
    def is_flat(self) -> bool:
        """Whether its notes can stand in a table."""
        return self.original.stock_kind != OCCLUSION_KIND


def plan_kinds(
    note_types: Iterable[OriginalType], notes: Iterable[OriginalNote], taken: Iterable[str]
) -> dict[str, Kind]:
    """Return the kinds of the note types that notes have, by the original's key. `taken` are names that none gets."""
    of: dict[str, list[OriginalNote]] = {}
    for note in notes:
        of.setdefault(note.type_key, []).append(note)
    ours = frozenset(taken)
    names = Ids("note-type", (*ours, *DEVICES))
    kinds = {}
    for each in note_types:
        if each.key in of:
            slug = make_slug(each.name, "")
            name = names.make(f"anki-{slug}" if slug in ours else each.name)
            held = list(_choose_holds(each, of[each.key]))
            holds, markdown = tuple(holds for holds, _ in held), tuple(written for _, written in held)
            kinds[each.key] = Kind(name, each, tuple(_make_keys(each.fields)), holds, markdown)
    return kinds


def _make_keys(fields: Iterable[OriginalField]) -> Iterator[str]:
    """Yield the key of each field: its name in small letters, with `_` between words."""
    taken: set[str] = set()
    for number, each in enumerate(fields, 1):
        stem = make_slug(split_words(each.name), f"field-{number}").replace("-", "_")[:_LONGEST_KEY].strip("_")
        if not stem[0].isalpha():
            stem = f"field_{stem}"[:_LONGEST_KEY].strip("_")
        if stem in NO_KEYS:
            stem = f"{stem}_field"
        key, count = stem, 1
        while key in taken:
            count += 1
            key = f"{stem[: _LONGEST_KEY - 5]}_{count}"
        taken.add(key)
        yield key


def _choose_holds(note_type: OriginalType, notes: Iterable[OriginalNote]) -> Iterator[tuple[Holds, Mapping[str, str]]]:
    """Yield what each field holds: a line of Markdown, where that makes of every note what learners have, else HTML.

    With it come those values of a line that are other texts in Markdown, by what they are in HTML.
    """
    deleted = frozenset(_list_deleted(note_type)) if note_type.is_cloze else frozenset()
    templates = [side for card in note_type.cards for side in (card.front, card.back)]
    places = [place for template in templates for place in _list_places(template)]
    apart = {place.field for place in places if not {*place.filters}.isdisjoint(OF_READINGS)}
    for each, values in zip(note_type.fields, zip(*(note.fields for note in notes), strict=True), strict=True):
        if each.name in deleted:
            yield Holds.HTML_CLOZE, {}
            continue
        markdown = find_markdown(values, is_apart=each.name in apart)
        yield (Holds.HTML, {}) if markdown is None else (Holds.LINE, markdown)


def _list_deleted(note_type: OriginalType) -> Iterator[str]:
    """Yield the names of the fields whose deletions Anki makes cards of; of a type that shows none, all of them."""
    shown = [place for card in note_type.cards for place in _list_places(card.front)]
    found = [place.field for place in shown if not {*place.filters}.isdisjoint(_CLOZE_FILTERS)]
    yield from found or (each.name for each in note_type.fields)


def _list_places(template: str) -> tuple[Place, ...]:
    """Return the places of a card template that show a field, in order. None of one that Anki cannot read."""
    try:
        return tuple(_walk(read_template(template)))
    except TemplateError:
        return ()


def _walk(parts: Iterable[str | Place | Section]) -> Iterator[Place]:
    for part in parts:
        if isinstance(part, Place):
            yield part
        elif isinstance(part, Section):
            yield from _walk(part.parts)


# --- files


def write_kind(kind: Kind) -> dict[str, str]:
    """Return the files that declare a kind, by their paths in a project."""
    folder = f"templates/note-types/{kind.name}"
    names = dict(zip((each.name for each in kind.original.cards), _name_files(kind.original.cards), strict=True))
    files = {f"{folder}/note-type.yaml": write_yaml(_declare(kind, names))}
    for each in kind.original.cards:
        front, back = names[each.name]
        files |= {f"{folder}/{front}": each.front, f"{folder}/{back}": each.back}
    if kind.original.css:
        files[f"{folder}/style.css"] = kind.original.css
    return files


def _name_files(cards: tuple[OriginalCard, ...]) -> Iterator[tuple[str, str]]:
    if len(cards) == 1:
        yield _ONLY
        return
    ids = Ids("card")
    for each in cards:
        stem = ids.make(each.name)
        yield f"{stem}-front.html", f"{stem}-back.html"


def _declare(kind: Kind, files: Mapping[str, tuple[str, str]]) -> dict[str, Value]:
    original = kind.original
    title = to_line(original.name).strip()[:LONGEST_LABEL] or kind.name
    fields = [
        _declare_field(each, key, holds)
        for each, key, holds in zip(original.fields, kind.keys, kind.holds, strict=True)
    ]
    cards = [_declare_card(kind, each, files[each.name]) for each in original.cards]
    return {"title": title, "anki": _declare_type(kind), "fields": fields, "cards": cards}


def _declare_type(kind: Kind) -> dict[str, Value]:
    original = kind.original
    said: dict[str, Value] = {"id": original.id} if original.id is not None else {}
    said["name"] = original.name
    if original.sort_field:
        said["sort_field"] = kind.keys[original.sort_field]
    if original.latex_before != USUAL_LATEX_BEFORE:
        said["latex_before"] = original.latex_before
    if original.latex_after != USUAL_LATEX_AFTER:
        said["latex_after"] = original.latex_after
    if original.is_latex_svg:
        said["latex_svg"] = True
    if original.stock_kind:
        said["stock_kind"] = original.stock_kind
    if original.uuid:
        said["uuid"] = original.uuid
    if original.crowdanki:
        said["crowdanki"] = original.crowdanki
    return said


def _declare_field(field: OriginalField, key: str, holds: Holds) -> dict[str, Value]:
    usual = OriginalField(field.name)
    said: dict[str, Value] = {}
    if field.id is not None:
        said["id"] = field.id
    if field.font != usual.font:
        said["font"] = field.font
    if field.size != usual.size:
        said["size"] = field.size
    if field.is_right_to_left:
        said["rtl"] = True
    if field.description:
        said["description"] = field.description
    if field.is_collapsed:
        said["collapsed"] = True
    if field.is_plain_text:
        said["plain_text"] = True
    declared: dict[str, Value] = {"key": key, "holds": str(holds)}
    if field.name != make_field_name(key):
        declared["name"] = field.name
    return declared | ({"anki": said} if said else {})


def _declare_card(kind: Kind, card: OriginalCard, files: tuple[str, str]) -> dict[str, Value]:
    keys = {each.name: key for each, key in zip(kind.original.fields, kind.keys, strict=True)}
    asks = _list_shown(card.front, keys)
    typed = next(
        (keys[each.field] for each in _list_places(card.front) if "type" in each.filters and each.field in keys), ""
    )
    if typed and kind.holds[kind.keys.index(typed)] is not Holds.HTML_CLOZE:  # its text asks, with gaps to type into
        asks.pop(typed, None)
    answers = {key: shown for key, shown in _list_shown(card.back, keys).items() if key not in asks}
    asked = list(asks.values()) or [next(key for key in kind.keys if key != typed or len(kind.keys) == 1)]
    declared: dict[str, Value] = {"name": card.name, "asks": asked}
    declared["answers"] = [shown for key, shown in answers.items() if key not in asked]
    if typed in answers and kind.holds[kind.keys.index(typed)] is Holds.LINE:
        declared["typed"] = typed
    declared |= {"front": files[0], "back": files[1]}
    looks = {"id": card.id, "browser_front": card.browser_front, "browser_back": card.browser_back}
    said: dict[str, Value] = {key: value for key, value in looks.items() if value}
    return declared | ({"anki": said} if said else {})


def _list_shown(template: str, keys: Mapping[str, str]) -> dict[str, str]:
    """Return the keys of what a card template shows, each as a card declares it, with its filter if it has one."""
    shown: dict[str, str] = {}
    for place in _list_places(template):
        if key := keys.get(place.field):
            through = next((each for each in reversed(place.filters) if each in SHOWN_THROUGH), "")
            shown.setdefault(key, f"{through}:{key}" if through else key)
    return shown
