"""What means something in another program, and is shown as typed here: formulas, sounds, signs of Anki and others.

There is one table. `grammar.py` looks into it at each character with which an entry begins. A construct that gets a
meaning here loses its entry.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

# Characters of a formula. The search for its end goes no further.
_LONGEST = 400
# What formulas have and prose has not: commands, powers, indexes, relations.
MATH = re.compile(r"\\[A-Za-z]{2,}|\\[,;!{}]|[\w)}|]\^|[A-Za-z0-9)}\]]_[A-Za-z0-9{\\]|[^=<>!]=[^=>]|[≤≥≠≈∈∑∫√∞±×·→]")
_WORD = re.compile(r"[^\W\d_]{3,}")
# What shells and programs have between two dollars.
_CODE = re.compile(r"[\"'`;#]|&&|\|\||\A[$({]|\A[A-Za-z_]{3,}+(?!\()")


class Lookalike(NamedTuple):
    """A construct of another program: the code of its problem, the character that it begins with, its pattern.

    `message` goes on behind its words, and `help` has places for groups of the pattern. In one that is kept, markup is
    none.
    """

    code: str
    sign: str
    pattern: re.Pattern[str]
    message: str
    help: str
    is_meant: Callable[[str], bool] = lambda words: True
    is_kept: bool = False
    # Whether it stands at the start of a line alone.
    begins_line: bool = False

    def match(self, text: str, start: int, end: int) -> re.Match[str] | None:
        """Return the match of the construct at a place of a text, None when there is none."""
        if self.begins_line and text[text.rfind("\n", 0, start) + 1 : start].strip():
            return None
        found = self.pattern.match(text, start, end)
        return found if found and self.is_meant(found[0]) else None


def _is_math(words: str) -> bool:
    return MATH.search(words[2:-2]) is not None


def is_dollar_math(words: str) -> bool:
    """Return whether what stands between dollars is a formula, and not prices, variables or code."""
    inside = words.strip("$")
    if _CODE.search(inside):
        return False
    has_letter = any(map(str.isalpha, inside))
    return MATH.search(inside) is not None or (has_letter and not inside[0].isdigit() and not _WORD.search(inside))


def _math(sign: str, pattern: str, is_meant: Callable[[str], bool] = lambda words: True, *, is_kept: bool) -> Lookalike:
    message = "is no formula here, and is shown as typed"
    hint = r"write `\(…\)` or `\[…\]` around it, or `math: dollars` in deck.yaml; code stands in backticks"
    return Lookalike("looks-like-math", sign, re.compile(pattern), message, hint, is_meant, is_kept)


_PLAYER = "put the file in source/media/, and write `![how it sounds]({1})`; or put this in backticks"


def _sound(sign: str, pattern: str, hint: str = _PLAYER) -> Lookalike:
    message = "plays nothing, and is shown as typed"
    return Lookalike("looks-like-sound", sign, re.compile(pattern, re.IGNORECASE), message, hint)


def _foreign(sign: str, pattern: str, message: str, hint: str, *, begins_line: bool = False) -> Lookalike:
    return Lookalike("unsupported-markdown", sign, re.compile(pattern), message, hint, begins_line=begins_line)


_TEMPLATE = "is a sign of card templates; in a text it is shown as typed"
# Programs read it before the text, and Markdown reads a line and a heading.
FRONT_MATTER = re.compile(
    r"---[ \t]*\n(?:[A-Za-z][\w -]*:[^\n]*\n(?:[ \t-][^\n]*\n)*){1,50}(?:---|\.\.\.)[ \t]*(?=\n|\Z)"
)
# What some programs take behind a link or picture.
ATTRIBUTES = re.compile(r"\{[ \t]*(?:[.#][\w-]+|[\w-]+=)[^{}\n]*\}")
# What help lines say where a question is written in YAML, and in a row of a table.
TAGS_IN_YAML, TAGS_IN_TABLE = "name tags in `tags: […]`", "write tags into the column `tags`"
_CALLOUT = "write a quotation: `> **Note:** …`"
# A character of a footnote in the text that has no other one in it: a search goes no further than to the next.
_IN_NOTE = r"(?:[^\]\n^]|\^(?!\[))"
# Names of Python that are no words of English, so that nobody has them in bold.
_DUNDERS = (
    "aenter|aexit|aiter|anext|bases|bool|bytes|cached|class_getitem|closure|code|contains|copy|deepcopy|defaults|"
    "delattr|delitem|dict|dir|eq|fspath|future|ge|get_pydantic_core_schema|getattr|getattribute|getitem|getstate|gt|"
    "iadd|imul|init|init_subclass|isub|iter|kwdefaults|le|len|lt|matmul|mro|mul|ne|pow|post_init|pycache|pydantic_\\w+|"
    "qualname|radd|reduce|reduce_ex|repr|reversed|rmul|set_name|setattr|setitem|setstate|sizeof|slots|str|subclasses|"
    "subclasshook|tablename|traceback|truediv|version_info|weakref"
)
# The first entry that fits counts.
LOOKALIKES = (
    # Between numbers or single letters a star is no mark: `3*4*5`.
    Lookalike(
        "lost-sign",
        "*",
        re.compile(
            r"(?<!\*\w)(?<!\*\w\w)(?<!\*\w{3})(?:(?<=[0-9])|(?<=(?<![^\W_])[^\W\d_]))\*\w{1,9}\*(?:\w{1,9}\*)*(?:[0-9]|[^\W\d_](?!\w))"
        ),
        "loses its stars: Markdown sets what is between them in italics",
        r"write `\*` for each, or `\(3 \cdot 4\)`, or put it in backticks",
    ),
    Lookalike(
        "lost-sign",
        "_",
        re.compile(
            rf"(?<!\w)__(?:(?:{_DUNDERS})__(?!\w)|[a-z][a-z0-9_]{{0,40}}[a-z0-9]__(?=\.[a-z]|\()"
            r"|(?<=[a-z0-9)\]]\.__)[a-z][a-z0-9_]{0,40}[a-z0-9]__(?!\w))"
        ),
        "loses its underscores: Markdown sets what is between them in bold",
        "put it in backticks",
    ),
    _math("$", rf"\$\$(?![$\]])(?:\\.|[^$\\]){{1,{_LONGEST}}}\$\$(?!\$)", is_dollar_math, is_kept=True),
    _math(
        "$",
        rf"(?<![\w$])\$(?![\s$\]])(?:\\.|[^$\\\n]){{0,{_LONGEST}}}(?:\\.|[^\s$\\])\$(?![\w$])",
        is_dollar_math,
        is_kept=True,
    ),
    _math("\\", rf"\\\((?:(?!\\\))[^\n]){{1,{_LONGEST}}}\\\)", _is_math, is_kept=True),
    _math("\\", rf"\\\((?=[^\s\\])(?:(?!\\\))[^\n]){{1,{_LONGEST}}}\\\)", is_kept=False),
    _math("\\", rf"\\\[(?:(?!\\\])[\s\S]){{1,{_LONGEST}}}\\\]", _is_math, is_kept=True),
    # In Markdown these are formulas, and in titles, which are none, they are not. The next have the backslashes that
    # Markdown wants in other programs.
    _math("\\", rf"\\\\\((?:(?!\\\\\))[^\n]){{1,{_LONGEST}}}\\\\\)", is_kept=False),
    _math("\\", rf"\\\\\[(?:(?!\\\\\])[\s\S]){{1,{_LONGEST}}}\\\\\]", _is_math, is_kept=False),
    _math("\\", r"\\begin\{(?:align|equation|gather|math|displaymath|[bpv]?matrix|cases)\*?\}", is_kept=False),
    _math("[", rf"(?i)\[(latex|\$\$?)\](?:(?!\[/)[\s\S]){{1,{_LONGEST}}}\[/\1\]", is_kept=False),
    _sound("[", r"\[sound:([^\]\n]+)\]"),
    _sound("[", r"\[anki:[^\]\n]+\]", "remove it; a card template of yours can speak: `{{tts en_US:Word}}`"),
    _sound("!", r"!\[\[([^\[\]\n]+\.(?:mp3|ogg|oga|opus|m4a|wav|flac|3gp|webm))\]\]"),
    Lookalike("looks-like-template", "[", re.compile(r"\[\[type:[^\]\n]+\]\]"), _TEMPLATE, "remove it"),
    Lookalike(
        "looks-like-template",
        "{",
        re.compile(
            r"\{\{(?:FrontSide|(?:(?:text|hint|type|cloze|furigana|kana|kanji|tts [\w=, ]+):)+(?!:)[^{}\n]+)\}\}"
        ),
        _TEMPLATE,
        "remove it, or put it in backticks",
    ),
    Lookalike(
        "looks-like-cloze",
        "{",
        re.compile(r"\{\{(?:c[0-9][0-9,]*|cloze)::(?:(?!\}\})[\s\S]){0,400}\}\}"),
        "hides nothing here, and is shown as typed",
        "write it as `cloze: …` of a recall note, or put it in backticks",
    ),
    # An error, as that of any other file that is not there: nothing of it is shown or played.
    Lookalike(
        "missing-media",
        "!",
        re.compile(
            r"!\[[^\[\]\n]{0,200}\]\(([^()<>\n\"']{0,200}[ ][^()<>\n\"']{0,200}"
            r"\.(?i:svg|png|jpe?g|gif|webp|mp3|ogg|oga|opus|m4a|wav|flac))[ ]?\)"
        ),
        "is no picture or sound: the name of its file has a space",
        "write the name in `<` and `>`: `![…](<{1}>)`",
    ),
    _foreign(
        "!",
        r"!\[([^\[\]\n]{0,200})\]\(([^()<>\s]{1,200})[ ]+=[0-9]{0,5}%?x?[0-9]{0,5}%?[ ]?\)",
        "is no picture: no output has sizes",
        "write `![{1}]({2})`; a picture is as large as there is room, and not larger than it was made",
    ),
    _foreign(
        "[",
        r"(?<!!)\[[^\[\]\n]{1,200}\]\((https?://[^\s()<>\"']{1,300} [^()<>\n\"']{0,200})\)",
        "is no link: its address has a space",
        "write `%20` for each space in it",
    ),
    _foreign("!", r"!\[\[([^\[\]\n|]+)[^\[\]\n]*\]\]", "is no picture here", "write `![what it shows]({1})`"),
    _foreign(
        "[",
        r"(?<![\[!])\[\[([^\W\d][^\[\]\n|,'\"]*)[^\[\]\n,'\"]*\]\](?![\](\[])",
        "is no link here",
        "write `[{1}](https://…)`, or name another question in `see_also`",
    ),
    _foreign("[", r"\[!\w+\][+-]?(?![(\[])", "is shown as typed: no output has callouts", _CALLOUT, begins_line=True),
    _foreign(
        ":", r":{3,}[ \t]*\{?[.\w][^\n]*", "is shown as typed: no output has such blocks", _CALLOUT, begins_line=True
    ),
    _foreign("!", r"!!!\+?[ \t]+\w[^\n]*", "is shown as typed: no output has such blocks", _CALLOUT, begins_line=True),
    _foreign(
        ":",
        r"(?<=\n):[ \t]+\S[^\n]*",
        "is shown as typed: no output has lists of definitions",
        "write `- **term**: meaning`",
    ),
    _foreign(
        "#",
        r"(?:#[^\W\d_][\w/-]*[ \t]*)+(?=\n|\Z)",
        "is shown as typed, and is no tag",
        f"{TAGS_IN_YAML}; a heading has a space after `#`",
        begins_line=True,
    ),
    _foreign("#", r"(#{2,6})([^\s#][^\n]*)", "is no heading without a space", "write `{1} {2}`", begins_line=True),
    _foreign(
        "^",
        rf"\^\[(?={_IN_NOTE}*+\]){_IN_NOTE}*[^\W\d_]{{2}}[ \t]{_IN_NOTE}*+\]",
        "is shown as typed: no output has footnotes",
        "say it in the text, in parentheses, or in `extra`",
    ),
    # A number may have letters behind it, as in a formula of chemistry.
    _foreign(
        "^",
        r"(?<=[^\W_])\^([+-]?[0-9]{1,3}[+-]?(?=\^[^\W\d_])|[\w+-]{1,10}(?=\^(?!\w)))\^",
        "is shown as typed",
        "write `<sup>{1}</sup>`",
    ),
    _foreign("~", r"(?<=[^\W_])~([\w+-]{1,10})~(?!~)", "is shown as typed", "write `<sub>{1}</sub>`"),
)
# What is one in Markdown alone.
_OF_MARKDOWN = ("lost-sign", "missing-media", "unsupported-markdown")
SIGNS = frozenset(each.sign for each in LOOKALIKES)
_SIGN = re.compile("|".join(map(re.escape, sorted(SIGNS))))


def find_lookalike(text: str, start: int, end: int) -> tuple[Lookalike, re.Match[str]] | None:
    """Return the construct of another program that begins at a place of a text, None when there is none."""
    for each in LOOKALIKES:
        if each.sign == text[start]:
            found = each.match(text, start, end)
            if found:
                return each, found
    return None


def find_lookalikes(text: str) -> Iterator[tuple[Lookalike, re.Match[str]]]:
    """Yield the constructs of other programs in a text that is no Markdown. Markdown of others is none there."""
    position = 0
    for sign in _SIGN.finditer(text):
        if sign.start() >= position:
            found = find_lookalike(text, sign.start(), len(text))
            if found and found[0].code not in _OF_MARKDOWN:
                yield found
                position = found[1].end()
