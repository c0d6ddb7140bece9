"""A page template and what it sees → HTML, in Jinja's immutable sandbox."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import FrameType, TracebackType
from typing import Any

from jinja2 import (
    DictLoader,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    pass_context,
)
from jinja2.exceptions import TemplateRuntimeError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from cardpress.source.strings import fill
from cardpress.source.templates.template_files import PAGE
from cardpress.writers.page.view import SEEN, PageLayout, PageNote

Arrange = Callable[[PageNote], PageLayout | None]

# Made by chance, or of no use on a page: the same source makes the same page.
_LEFT_OUT_GLOBALS = ("lipsum",)
_LEFT_OUT_FILTERS = ("random", "pprint", "xmlattr")
# Characters: no text of a page, and no other value that a template makes on its way, is longer.
_LONGEST = 1 << 24
# What stands for a space between the words of a tag.
_JOINED = re.compile(r"(?<=\w)[-_](?=[^\W\d_])")
_TYPES = re.compile(r"'(?:\w+\.)*(?:Page)?(\w+) object'")


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a template could not be made into a page, and where: the template's name and the line."""

    template: str
    line: int
    message: str


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox; it also refuses what would make one gigantic value in a single step."""

    intercepted_binops = frozenset(["*", "**", "%"])

    def getattr(self, obj: Any, attribute: str) -> Any:
        # The shorter way for what a page sees, which has values alone: the sandbox asks a dozen things of each object.
        if attribute in SEEN.get(type(obj), ()):
            return getattr(obj, attribute)
        return super().getattr(obj, attribute)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        sizes = [len(value) if hasattr(value, "__len__") else None for value in (left, right)]
        if operator == "*" and sizes != [None, None]:
            size = next(size for size in sizes if size is not None)
            times = right if sizes[0] is not None else left
            if isinstance(times, int) and size * times > _LONGEST:
                raise TemplateRuntimeError(f"`*` would make {size * times:,} characters or entries")
        elif operator == "**" and isinstance(left, int) and isinstance(right, int):
            if max(left.bit_length(), 1) * max(right, 1) > 4096:
                raise TemplateRuntimeError("`**` would make a number of more than 4096 bits")
        elif operator == "%" and isinstance(left, str) and re.search(r"\d{7}", left):
            raise TemplateRuntimeError("`%` would make a text of millions of characters")
        return super().call_binop(context, operator, left, right)


def make_environment(templates: Mapping[str, str], arrange: Arrange) -> ImmutableSandboxedEnvironment:
    """Return the environment of page templates, which knows these by their names."""
    environment = _Sandbox(
        loader=DictLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    for name in _LEFT_OUT_GLOBALS:
        del environment.globals[name]
    for name in _LEFT_OUT_FILTERS:
        del environment.filters[name]
    environment.filters["html"] = environment.filters["code"] = lambda text: text.html
    environment.filters["line"] = lambda text: text.line
    environment.filters["report"] = lambda note: note.report
    environment.filters["arrange"] = arrange
    environment.filters["tag"] = _read_tag
    environment.filters["label"] = _label
    environment.filters["lang"] = _mark_language
    environment.tests["blocks"] = lambda text: text.has_blocks
    return environment


def _read_tag(tag: str) -> str:
    """Return a tag of Anki's, which has no spaces, as words: `security::input-errors` is `security › input errors`."""
    return _JOINED.sub(" ", " › ".join(str(tag).split("::")))


@pass_context
def _label(context: Context, english: str, **values: object) -> str:
    """Return a text of the engine's in the deck's language, with these values in its placeholders."""
    text = str(context.get("labels", {}).get(str(english), english))
    if not values:
        return text
    # What is filled in keeps its own direction, such as a date in an Arabic text.
    form = "<bdi>{}</bdi>" if context.get("direction") == "rtl" else "{}"
    html = fill(str(escape(text)), values, write=lambda value: form.format(escape(value)))
    return Markup(html)  # noqa: S704 - all of it was escaped


@pass_context
def _mark_language(context: Context, text: str) -> Markup:
    """Return the attribute for an element whose text is English in a deck of another language, else nothing."""
    return Markup(' lang="en"') if str(text) in context.get("untranslated", ()) else Markup()


def render(templates: Mapping[str, str], view: Mapping[str, Any], arrange: Arrange) -> str:
    """Return the page that a template of ours makes of what it sees."""
    return make_environment(templates, arrange).get_template(PAGE).render(view)


def render_strange(templates: Mapping[str, str], view: Mapping[str, Any], most: int) -> Iterator[tuple[str, int]]:
    """Yield the pieces of a page that a template of somebody else makes, each with the template's line.

    Stops with an error after more than `most` characters.
    """
    environment = make_environment(templates, lambda note: note.layout)
    environment.finalize = _only_texts
    template = environment.get_template(PAGE)
    stream = template.root_render_func(template.new_context(dict(view)))
    lines: dict[int, int] = {}
    size = 0
    for piece in stream:
        at = stream.gi_frame.f_lineno  # type: ignore[attr-defined]  # it is a generator
        if at not in lines:
            lines[at] = template.get_corresponding_lineno(at)
        size += len(piece)
        if size > most:
            raise TemplateRuntimeError(f"the page has more than {most:,} characters")
        yield piece, lines[at]


def _only_texts(value: Any) -> Any:
    """Return a value that a page can show. Functions and the like would show where they are in memory."""
    if value is None or isinstance(value, str | int | float | tuple | list | dict) or hasattr(value, "__html__"):
        return value
    if isinstance(value, StrictUndefined):
        return value
    raise TemplateRuntimeError(f"a page cannot show a {type(value).__name__}")


def explain(error: BaseException) -> Failure:
    """Return what a template did wrong, in words for its author."""
    if isinstance(error, TemplateSyntaxError):
        return Failure(error.name or PAGE, error.lineno, error.message or "the template's syntax is wrong")
    template, line = _find_place(error.__traceback__)
    if isinstance(error, TemplateNotFound):
        return Failure(template, line, f"there is no template `{error.name}`")
    if isinstance(error, RecursionError):
        return Failure(template, line, "a macro or an `include` calls itself without end, or brackets are too deep")
    if isinstance(error, MemoryError):
        return Failure(template, line, "the template needs too much memory")
    words = _TYPES.sub(lambda found: f"a {found[1].lower()}", str(error)).strip()
    kind = "" if isinstance(error, TemplateError) else f"{type(error).__name__}: "
    return Failure(template, line, " ".join(f"{kind}{words}".split())[:400] or "the template fails")


def find_line(frame: FrameType | None) -> tuple[str, int]:
    """Return the innermost template that a frame is in, and the line; the page's first line when it is in none."""
    while frame is not None:
        if found := _in_template(frame, frame.f_lineno):
            return found
        frame = frame.f_back
    return PAGE, 1


def _find_place(traceback: TracebackType | None) -> tuple[str, int]:
    place = PAGE, 1
    while traceback is not None:
        place = _in_template(traceback.tb_frame, traceback.tb_lineno) or place
        traceback = traceback.tb_next
    return place


def _in_template(frame: FrameType, line: int) -> tuple[str, int] | None:
    template = frame.f_globals.get("__jinja_template__")
    if not isinstance(template, Template):
        return None
    return template.name or PAGE, template.get_corresponding_lineno(line)
