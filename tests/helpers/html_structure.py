"""What HTML says, apart from how it is written: elements, attributes and texts, to compare two readings of a text."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import unquote

from cardpress.markdown.html_writer import DONE, OPEN

_BLOCKS = frozenset("blockquote h1 h2 h3 h4 h5 h6 hr li ol p pre table tbody td th thead tr ul".split())
_VOID = frozenset({"br", "hr", "img"})


@dataclass(slots=True)
class Element:
    """An element, or with an empty name a whole text."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)


class _Reader(HTMLParser):
    """Reads HTML, and takes out what means nothing, or the same in other words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Element("")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs if name != "rel"}
        if tag == "input":  # the box of a task, which is a character for us
            self.handle_data(DONE if "checked" in attributes else OPEN)
            return
        if tag in ("ul", "ol", "li"):
            attributes.pop("class", None)
        if tag == "code" and "class" in attributes:  # `{.python}` is Python for us
            language = attributes.pop("class").removeprefix("language-").strip("{}.")
            attributes |= {"class": language} if language else {}
        for name in {"href", "src"} & attributes.keys():
            attributes[name] = unquote(attributes[name]).strip()
        if tag == "img":
            attributes["alt"] = attributes["alt"].replace("\n", " ")
        element = Element("del" if tag == "s" else tag, attributes)
        self.open[-1].children.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        element = self.open.pop()
        assert element.tag == ("del" if tag == "s" else tag)
        _tidy(element, is_code=any(each.tag == "pre" for each in self.open))

    def handle_data(self, data: str) -> None:
        children = self.open[-1].children
        if children and isinstance(children[-1], str):
            children[-1] += data
        else:
            children.append(data)


def _join(children: list[Element | str]) -> None:
    """Join two texts at the start of an element."""
    match children:
        case [str(one), str(other), *_]:
            children[:2] = [one + other]


def _tidy(element: Element, *, is_code: bool) -> None:
    """Take white space away where it shows nothing: around blocks, after a break, at the end of code."""
    if element.tag == "pre":
        return
    children = element.children
    match children:  # the box of a task stands in its paragraph for us
        case [str(box), Element("p") as first, *_] if element.tag == "li" and box.strip() in (DONE, OPEN):
            first.children.insert(0, f"{box.strip()} ")
            del children[0]
            _join(first.children)
    ends = element.tag in _BLOCKS or not element.tag
    for index, child in enumerate(children):
        if not isinstance(child, str):
            continue
        if is_code:
            children[index] = child.removesuffix("\n")
            continue
        before = children[index - 1] if index else None
        after = children[index + 1] if index + 1 < len(children) else None
        text = child.replace("\n", " ")
        if (ends and before is None) or (isinstance(before, Element) and before.tag in _BLOCKS | {"br"}):
            text = text.lstrip()
        if (ends and after is None) or (isinstance(after, Element) and after.tag in _BLOCKS):
            text = text.rstrip()
        children[index] = text
    element.children = [child for child in children if child]


def read_structure(html: str) -> Element:
    """Return what HTML says, as elements, their attributes and texts."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    (root,) = reader.open
    _tidy(root, is_code=False)
    return root
