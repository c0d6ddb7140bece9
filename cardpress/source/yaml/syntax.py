"""YAML syntax errors → diagnostics: the place of the author's mistake, and what to type instead."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

import yaml

from cardpress.diagnostics import Diagnostic, SourceFile, Span, unusual

# A line of a block: its indentation and dashes, its key, and the text after them.
_LINE = re.compile(r"(?P<lead>[ ]*(?:-[ ]+)*)(?P<key>[A-Za-z_][\w-]*:[ ]+)?(?P<text>\S.*)")
# A line whose text stands in double quotes, and escapes there for white space, which may be meant.
_QUOTED_LINE = re.compile(r'(?P<lead>[ ]*(?:-[ ]+)*)(?P<key>[A-Za-z_][\w-]*:[ ]+)?"(?P<text>(?:[^"\\]|\\.)*)"')
_WHITE_ESCAPE = re.compile(r"\\[nt](?![a-z])")
_KEY = re.compile(r"[ ]*(?:-[ ]+)*(\w+)")
# A line with a key and no text behind it, and one that begins with a key or a dash.
_KEY_ALONE = re.compile(r"[ ]*(?:-[ ]+)*(?P<key>[A-Za-z_][\w-]*:)")
_LINE_OF_KEY = re.compile(r"[ ]*(?:-[ ]|[A-Za-z_][\w-]*:(?:[ ]|$))")
_NO_SPACE = re.compile(r"[ ]*(?:-[ ]+)*([A-Za-z_][\w-]*:)(?=[^\s:])")
# Characters. Help lines do not quote a longer text: nobody would read it there.
_QUOTABLE = 120
_BEFORE_KEY = r"[ ]*(?:-[ ]+)*"
# A dash without a space, at the start of what should be an entry. `---` is no such thing, and neither is `-- x`.
_JOINED_DASH = re.compile(r"[ ]*(?:-[ ]+)*-(?=[^\s-])")
_KEY_BEHIND_DASH = re.compile(r"[\w-]+:(?:\s|$)")
DASH_HELP = "put a space after the dash"
# The line above a block of text: its dashes and key, and the sign with what else stands there.
_BLOCK_HEAD = re.compile(r"(?P<lead>[ ]*(?:-[ ]+)*)(?P<key>[\w-]+:[ ]+)?(?P<sign>[|>])(?P<keeps>[-+]?)[ ]*(?:#.*)?")
# Lines. Nobody looks further for where a text began.
_LONGEST_BLOCK = 1000
# YAML can say no more of how far a text is indented.
_MOST_COLUMNS = 9
_MERGE = re.compile(r"(?:<{7}|={7}|>{7}|\|{7})(?:[ ].*)?")
# Characters that an editor shows like those that YAML wants, where they would stand.
_ODD_SPACE = re.compile(rf"{_BEFORE_KEY}(?:-|[\w-]+:)(?P<odd>[{unusual.SPACES}{unusual.INVISIBLE}])")
_ODD_INDENTATION = re.compile(rf"{_BEFORE_KEY}(?P<odd>[{unusual.SPACES}{unusual.INVISIBLE}])")
_ODD_COLON = re.compile(rf"{_BEFORE_KEY}(?P<key>[\w-]+)[ ]?(?P<odd>[\uff1a\ufe55\ufe30\ufe13\ua789\u02d0\u2236])")
_ODD_DASH = re.compile(r"[ ]*(?P<odd>[\u2010-\u2015\u2022\u2043\u2212\u00b7\u25cf\u25e6\uff0d])[ \u00a0]")
_ODD_QUOTE = re.compile(rf"{_BEFORE_KEY}(?:[\w-]+:[ ]+)?(?P<odd>[\u2018-\u201f\u00ab\uff02\uff07])")
_CLOSING = "\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u00bb\uff02\uff07"
_CLOSES = {"[": "]", "{": "}"}
# A line of a file of strings whose key begins with a placeholder.
_PLACEHOLDER_KEY = re.compile(r"(?P<key>\{\w+\}[^:\"']*):[ ]+(?P<value>\S.*)")
# What stands in braces or brackets before a place: a text without quotes, up to there.
_FLOW_TEXT = re.compile(r"(?:\A|[,\[{]|:[ ])[ ]*((?!:[ ])[^\s,'\"\[\]{}](?:(?!:[ ])[^,\[\]{}])*)\Z")
_LEVELS = re.compile(r"[ ]*::[ ]*")
_LINE_END = re.compile(f".*?(?P<odd>[{unusual.LINE_ENDS}])")
_ALIGN = "indent it exactly as the keys around it"
_BLOCK = "start the text on the next line, after `|`, and indent it below its key"


def quote(value: str) -> str:
    """Return a value as a quoted YAML text: in single quotes where double quotes would need escapes."""
    if ('"' in value or "\\" in value) and value.isprintable():
        return "'" + value.replace("'", "''") + "'"
    return json.dumps(value, ensure_ascii=False)


def explain_syntax_error(file: SourceFile, error: yaml.MarkedYAMLError) -> Diagnostic:
    """Return the diagnostic for a parser error.

    Its place is where the parser stopped; for an error such as an unclosed quote, where the quote began.
    """
    problem, context = error.problem or "", error.context or ""
    began = any(word in context for word in ("quoted scalar", "flow", "alias", "simple key", "block scalar", "tag"))
    exact = "escape" in problem or "hexdecimal" in problem or "hexadecimal" in problem or "a tab" in problem
    mark = error.context_mark if began and not exact else error.problem_mark
    start = min(mark.index if mark else 0, len(file.text))
    if start == len(file.text):  # point at the last line with text, not at the file's end
        start = max(len(file.text.rstrip()) - 1, 0)
    if found := _find_odd(file, start) or _find_deep_block(file, start) or _find_joined_dash(file, start):
        return found
    if found := _find_bracket(file, start, error, context):
        return found
    if "hexdecimal" in problem or "hexadecimal" in problem or "invalid Unicode" in problem:
        start = max(file.text.rfind("\\", 0, start), 0)
    message, help_line = _explained(file, start, problem, context)
    return report_syntax_error(
        file, _key_start(file, start) if "mapping values" in problem else start, message, help_line
    )


def _find_odd(file: SourceFile, start: int) -> Diagnostic | None:
    """Return the diagnostic for a character that looks like one that YAML wants, in the line of an error or above."""
    last = Span(file, start, start).line
    for number in range(max(last - 1, 1), last + 1):
        line, begin = file.line(number), file.line_starts[number - 1]
        if _MERGE.fullmatch(line):
            message = "a merge left its marks here, and both sides of what was changed"
            return report_syntax_error(file, begin, message, "keep one side, and remove the lines that begin like this")
        for pattern, explain in _ODD if number == last else _ODD_ABOVE:
            if found := pattern.match(line):
                place = Span(file, begin + found.start("odd"), begin + found.end("odd"))
                return Diagnostic("yaml-syntax", place, *explain(found))
    return None


def _find_deep_block(file: SourceFile, start: int) -> Diagnostic | None:
    """Return the diagnostic for a text below `|` that ends too early, for its first line is indented the furthest."""
    last = Span(file, start, start).line
    for number in range(last - 1, max(last - _LONGEST_BLOCK, 0), -1):
        head = _BLOCK_HEAD.fullmatch(file.line(number))
        if head is None:
            continue
        outside = len(head["lead"]) if head["key"] else head["lead"].rfind("-")
        body = list(_list_block(file, number, outside))
        first = next((columns for _, columns in body), 0)
        short = next((line for line, columns in body if columns < first and line <= last), None)
        if short is None or body[-1][0] < last:
            continue
        lead = (head["key"] or "-").strip()
        columns = min(columns for _, columns in body)
        message = f"the first line of this text is indented further than this one, where `{head['sign']}` ends it"
        sign = f"{head['sign']}{columns - max(outside, 0)}{head['keeps']}"
        hint = f"write `{lead} {sign}`, or indent this line as the first"
        if columns - outside > _MOST_COLUMNS:
            hint = "indent this line as the first"
        return report_syntax_error(file, file.line_starts[short - 1] + _indentation(file.line(short)), message, hint)
    return None


def _find_bracket(file: SourceFile, start: int, error: yaml.MarkedYAMLError, context: str) -> Diagnostic | None:
    """Return the diagnostic for a bracket in an unquoted text in braces or brackets, as in `{question: 食[た]}`."""
    mark = error.problem_mark
    if "flow" not in context or mark is None or mark.line != Span(file, start, start).line - 1:
        return None
    place = mark.index
    before = file.text[start + 1 : place]
    text = _FLOW_TEXT.search(before)
    sign = file.text[place : place + 1]
    rest = re.match(r"(?:\[[^\[\]{}\n]*\]|\{[^\[\]{}\n]*\}|[^,\[\]{}\n])+", file.text[place:])
    if sign not in ("[", "{") or text is None or rest is None:
        return None
    whole = (text[1] + rest[0]).rstrip()
    hint = f"quote it: {quote(whole)}" if len(whole) < _QUOTABLE else "quote the text"
    begin = start + 1 + text.start(1)
    message = f"an unquoted text between `{file.text[start]}` and `{_CLOSES[file.text[start]]}` cannot hold `{sign}`"
    return Diagnostic("yaml-syntax", Span(file, begin, begin + len(whole)), message, hint)


def _list_block(file: SourceFile, head: int, outside: int) -> Iterator[tuple[int, int]]:
    """Yield the lines of a block of text below line `head`, without empty ones, and how far each is indented."""
    for number in range(head + 1, min(head + _LONGEST_BLOCK, len(file.line_starts) + 1)):
        line = file.line(number)
        if line.strip():
            if _indentation(line) <= outside:
                return
            yield number, _indentation(line)


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _find_joined_dash(file: SourceFile, start: int) -> Diagnostic | None:
    """Return the diagnostic for an entry whose dash has no space after it, in the line of an error or above."""
    last = Span(file, start, start).line
    for number in (last, last - 1) if last > 1 else (last,):
        line = file.line(number)
        found = _JOINED_DASH.match(line)
        # The line above is a cause only where it has a key, for which the parser takes the dash.
        if found and (number == last or _KEY_BEHIND_DASH.match(line, found.end())):
            message = "this dash has no space after it, so it begins no entry of a list"
            return report_syntax_error(file, file.line_starts[number - 1] + found.end() - 1, message, DASH_HELP)
    return None


def has_joined_dash(place: Span) -> bool:
    """Return whether what stands at a place is meant as an entry of a list, but has no space after its dash."""
    found = _JOINED_DASH.match(place.excerpt)
    return found is not None and found.end() == place.column


def _explain_odd_space(found: re.Match[str]) -> tuple[str, str]:
    name = unusual.name_character(found["odd"])
    if unusual.make_usual(found["odd"]):
        return f"{name} stands where YAML wants a space", "type a space in its place; editors show the two alike"
    return f"{name} stands here, which an editor may not show", "remove it"


def _explain_odd_colon(found: re.Match[str]) -> tuple[str, str]:
    name = unusual.name_character(found["odd"])
    return f"{name} makes no key of `{found['key']}`", f"write `{found['key']}: …`, with a plain colon and a space"


def _explain_odd_dash(found: re.Match[str]) -> tuple[str, str]:
    return (
        f"{unusual.name_character(found['odd'])} begins no entry of a list",
        "write a plain hyphen and a space: `- …`",
    )


def _explain_odd_quote(found: re.Match[str]) -> tuple[str, str]:
    line, mark = found.string, found["odd"]
    text = line[found.end() :].rstrip()
    closing = next((index for index, character in enumerate(text) if character in _CLOSING), None)
    # What is quoted as a whole loses its quotes; those of single words belong to the text.
    meant = quote({None: text, len(text) - 1: text[:-1]}.get(closing, mark + text))
    lead = line[: found.start("odd")].strip()
    hint = f"write {lead} {meant}" if len(meant) < _QUOTABLE else "put straight quotes around the text"
    return f"`{mark}` quotes nothing in YAML: {unusual.name_character(mark)}", hint


def _explain_line_end(found: re.Match[str]) -> tuple[str, str]:
    name = unusual.name_character(found["odd"])
    return f"{name} ends a line for YAML, though an editor may not show it", "remove it, or begin a new line there"


_Explain = Callable[[re.Match[str]], tuple[str, str]]
# The first pattern that a line begins with counts. These can break the line below them, too.
_ODD_ABOVE: tuple[tuple[re.Pattern[str], _Explain], ...] = (
    (_ODD_SPACE, _explain_odd_space),
    (_ODD_COLON, _explain_odd_colon),
    (_ODD_DASH, _explain_odd_dash),
)
_ODD: tuple[tuple[re.Pattern[str], _Explain], ...] = (
    *_ODD_ABOVE,
    (_ODD_INDENTATION, _explain_odd_space),
    (_ODD_QUOTE, _explain_odd_quote),
    (_LINE_END, _explain_line_end),
)


def report_syntax_error(file: SourceFile, start: int, message: str, help_line: str) -> Diagnostic:
    """Return a diagnostic for text that is not YAML, from `start` to the end of its line."""
    place = Span(file, start, start)
    end = file.line_starts[place.line - 1] + len(place.excerpt)
    return Diagnostic("yaml-syntax", Span(file, start, max(start, end)), message, help_line)


def report_unknown_anchor(file: SourceFile, start: int, name: str) -> Diagnostic:
    """Return a diagnostic for an alias without an anchor: mostly a text that begins with an asterisk."""
    return report_syntax_error(file, start, f"no anchor `&{name}` stands before this alias", _quote_line(file, start))


def _explained(file: SourceFile, start: int, problem: str, context: str) -> tuple[str, str]:
    """Return a message and a help line for authors, by the first entry of `_EXPLAINED` that fits the parser's words."""
    said = f"{problem}, {context}"
    return next(explain for words, explain in _EXPLAINED if any(word in said for word in words))(file, start)


def _tab(file: SourceFile, start: int) -> tuple[str, str]:
    return "a tab where YAML wants spaces", "indent with spaces; YAML does not take tabs"


def _escape(file: SourceFile, start: int) -> tuple[str, str]:
    escape = file.text[start : start + 2]
    hint = "put the text in single quotes, or double each backslash in it"
    line = _QUOTED_LINE.fullmatch(Span(file, start, start).excerpt.rstrip())
    if line and len(line["text"]) < _QUOTABLE and not _WHITE_ESCAPE.search(line["text"]):
        meant = re.sub(r'\\([\\"/])', r"\1", line["text"])
        lead = "".join((line["lead"].strip(), " " if "-" in line["lead"] else "", line["key"] or ""))
        hint = f"write {lead}{quote(meant)}"
    return f"`{escape}` means nothing in double quotes", hint


def _unclosed(file: SourceFile, start: int) -> tuple[str, str]:
    opening = file.text[start : start + 1]
    if opening in "\"'":
        return f"this {opening} is never closed", f"put {opening} at the end of the text"
    closing = _CLOSES.get(opening, "}")
    hint = f"put `{closing}` at its end, or quote the text if it only begins with `{opening}`"
    return f"this `{opening}` is never closed", hint


def _no_key(file: SourceFile, start: int) -> tuple[str, str]:
    if joined := _NO_SPACE.match(Span(file, start, start).excerpt):
        return f"`{joined[1]}` has no space after it, so it is no key", "put a space after the colon"
    return "this line is no key, and not part of the text above", f"write `key: text`, or {_BLOCK}"


def _bad_start(file: SourceFile, start: int) -> tuple[str, str]:
    if file.text[start : start + 1] == "\t":
        return _tab(file, start)
    character = file.text[start : start + 1]
    name = "a backtick" if character == "`" else f"`{character}`"
    hint = _keep_lines(file, start) or _quote_line(file, start)
    return f"an unquoted text cannot start with {name}", hint


def _keep_lines(file: SourceFile, start: int) -> str:
    """Return the help line for a text of several lines below its key, an empty text for any other."""
    place = Span(file, start, start)
    above = _KEY_ALONE.fullmatch(file.line(place.line - 1).rstrip()) if place.line > 1 else None
    if above is None or place.excerpt[: place.column - 1].strip():
        return ""
    below = file.line(place.line + 1) if place.line < len(file.line_starts) else ""
    is_longer = len(below) - len(below.lstrip(" ")) == place.column - 1 and not _LINE_OF_KEY.match(below)
    if not is_longer and file.text[start] != "|":
        return ""
    return f"write `{above['key']} |` in the line above, which keeps the lines below it"


def _anything(file: SourceFile, start: int) -> tuple[str, str]:
    return "this is not YAML", _quote_line(file, start)


def _key_start(file: SourceFile, colon: int) -> int:
    """Return where the key before a colon starts, or the place of the colon when no key stands before it."""
    place = Span(file, colon, colon)
    key = _KEY.fullmatch(place.excerpt[: place.column - 1])
    return colon - len(key[1]) if key else colon


def _second_colon(file: SourceFile, start: int) -> tuple[str, str]:
    place = Span(file, start, start)
    if _key_start(file, start) == start:
        return "an unquoted text cannot hold `: `", _quote_line(file, start)
    above = file.line(place.line - 1) if place.line > 1 else ""
    if joined := _NO_SPACE.match(above):
        return f"line {place.line - 1} has no space after `{joined[1]}`, so it is no key", "put a space after the colon"
    return "this key is not in line with the keys above", f"{_ALIGN}; quote the text above if this is part of it"


def _misplaced(file: SourceFile, start: int) -> tuple[str, str]:
    place = Span(file, start, start)
    if place.excerpt[: place.column - 1].strip(" -"):
        return "the text goes on after its closing quote or bracket", _quote_line(file, start)
    return "this line is not in line with those that it belongs to", f"{_ALIGN}, or start a new entry with `- `"


def _quote_line(file: SourceFile, start: int) -> str:
    """Return a help line that shows the line of a place with its text quoted."""
    line = _LINE.match(Span(file, start, start).excerpt)
    if line is None or len(line["text"]) > _QUOTABLE:
        return f"quote the text, or {_BLOCK}"
    text = line["text"].rstrip()
    if len(text) > 1 and text[0] in "\"'" and text[-1] == text[0]:
        text = text[1:-1]
    if not line["lead"] and not line["key"] and (pair := _PLACEHOLDER_KEY.fullmatch(text)):
        return f"quote both: {quote(pair['key'])}: {quote(pair['value'])}"
    if (line["key"] or "").startswith("deck_name:") and "::" in text:
        return f"write {line['key']}{quote(_LEVELS.sub('::', text))}: Anki drops the space around a level of a name"
    return f"quote it: {line['lead'].strip()}{' ' if '-' in line['lead'] else ''}{line['key'] or ''}{quote(text)}"


# Words in the parser's message → what explains it. The first entry with a word in the message counts.
_EXPLAINED: tuple[tuple[tuple[str, ...], Callable[[SourceFile, int], tuple[str, str]]], ...] = (
    (("a tab",), _tab),
    (("escape", "hexdecimal", "hexadecimal"), _escape),
    (("quoted", "flow"), _unclosed),
    (("mapping values",), _second_colon),
    (("expected ':'",), _no_key),
    (("'-' indicator", "expected key"), _misplaced),
    (("start any", "alias", "anchor", "block", "tag", "not allowed"), _bad_start),
    (("",), _anything),
)
