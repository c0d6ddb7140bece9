"""What a command makes of what stands behind it: signs, fractions, roots, boxes, brackets, colors, names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from cardpress.formulas import alphabets, grids
from cardpress.formulas.chemistry import write_chemistry, write_quantity
from cardpress.formulas.colors import read_color
from cardpress.formulas.environments import PLAIN_GRIDS
from cardpress.formulas.faults import COMMAND, CUT, IN_WORDS, WHOLE, WrongError
from cardpress.formulas.lengths import LENGTH, read_length
from cardpress.formulas.lexing import Token
from cardpress.formulas.shapes import as_name, bar, delimiter, join, with_role, words_of
from cardpress.formulas.symbols import (
    ACCENTS,
    ARROWS,
    DELIMITERS,
    LARGE,
    LETTERS,
    NAMES,
    NAMES_WITH_LIMITS,
    OPERATORS,
    SIGNS_AS_DELIMITERS,
    SPACES,
    UPRIGHT,
    WORDS,
)
from cardpress.formulas.texts import read_text
from cardpress.formulas.tree import (
    Accent,
    Bracket,
    Colored,
    Fenced,
    Fraction,
    Group,
    Hidden,
    Letter,
    Marked,
    Middle,
    Name,
    Node,
    Operator,
    Phantom,
    Root,
    Scripts,
    Sized,
    Space,
    Words,
    walk,
)

if TYPE_CHECKING:
    from cardpress.formulas.parsing import Parser

# What makes nodes of a command, by its name, and of what is behind it.
_Build = Callable[["Parser", Token, str], list[Node]]
_BIG = {"big": 1.2, "Big": 1.623, "bigg": 2.047, "Bigg": 2.47}
_ROLES_OF_BIG = {"l": "opening", "r": "closing", "m": "relation", "": "ordinary"}
_ROLES = {
    "mathbin": "binary",
    "mathrel": "relation",
    "mathop": "large",
    "mathord": "ordinary",
    "mathopen": "opening",
    "mathclose": "closing",
    "mathpunct": "punctuation",
    "mathinner": "",
}
_TEXTS = frozenset("text textrm textup textnormal mbox hbox textsf texttt textbf textit".split())
_FRACTIONS: dict[str, tuple[bool, bool | None]] = {
    "frac": (True, None),
    "dfrac": (True, True),
    "tfrac": (True, False),
    "cfrac": (True, True),
    "binom": (False, None),
    "dbinom": (False, True),
    "tbinom": (False, False),
}
_MARKS = {"boxed": "box", "cancel": "cancel", "bcancel": "bcancel", "xcancel": "xcancel"}
# What `\\enclose` draws.
_ENCLOSED = {
    "box": "box",
    "roundedbox": "box",
    "updiagonalstrike": "cancel",
    "downdiagonalstrike": "bcancel",
    "horizontalstrike": "sout",
}
# Sizes of text and other things that show nothing here.
_NOTHING = frozenset(
    "nonumber notag strut mathstrut normalsize tiny Tiny scriptsize small large Large LARGE huge Huge "
    "displaystyle nonscript oldstyle xmathstrut".split()
)
# What changes the room around its argument alone.
_AS_IT_IS = frozenset("smash mathclap cramped vcenter mathmbox clap crampedclap".split())
_CHORDS = {"bra": ("⟨", "|"), "ket": ("|", "⟩"), "braket": ("⟨", "⟩"), "set": ("{", "}"), "ketbra": ("|", "|")}
# Signs that stand behind a backslash.
_ESCAPED = frozenset("$%#&_")


def build(parser: Parser, token: Token, name: str) -> list[Node] | None:
    """Return what a command makes, None for one that is not known here."""
    sign = _sign(parser, name)
    if sign is not None:
        return [sign]
    make = _COMMANDS.get(name)
    return make(parser, token, name) if make else None


def _sign(parser: Parser, name: str) -> Node | None:  # noqa: PLR0911 - one for each table of signs
    """Return the sign that a command is, None for one that is none."""
    if name in SPACES:
        return Space(SPACES[name])
    if name in LETTERS:
        return parser.letter(LETTERS[name])
    if name in UPRIGHT:
        # In bold letters they stand upright, too.
        alphabet = "bold" if parser.alphabet == "bold-italic" else parser.alphabet
        return Letter(alphabets.set_in(UPRIGHT[name], alphabet), is_upright=True)
    if name in LARGE:
        return Operator(LARGE[name], "large")
    if name in OPERATORS:
        return Operator("⋯" if name == "dots" and parser.is_operator_next() else OPERATORS[name])
    if name in DELIMITERS:
        return delimiter(DELIMITERS[name], "r" if name[0] == "r" else name)
    if name in _ESCAPED:
        return Operator(name, "ordinary")
    if name in NAMES:
        return Name(name)
    if name in NAMES_WITH_LIMITS:
        return Name(NAMES_WITH_LIMITS[name], has_limits=True)
    return Words(WORDS[name]) if name in WORDS else None


# --- above and below


def _accent(parser: Parser, token: Token, name: str) -> list[Node]:
    sign, is_wide = ACCENTS[name]
    return [Accent(parser.argument(token), sign.lstrip("_"), is_wide, is_below=sign[0] == "_")]


def _over(parser: Parser, token: Token, _: str) -> list[Node]:
    above = parser.argument(token)
    return [Scripts(parser.argument(token), None, above, as_limits=True)]


def _under(parser: Parser, token: Token, _: str) -> list[Node]:
    below = parser.argument(token)
    return [Scripts(parser.argument(token), below, None, as_limits=True)]


def _over_and_under(parser: Parser, token: Token, _: str) -> list[Node]:
    above, below = parser.argument(token), parser.argument(token)
    return [Scripts(parser.argument(token), below, above, as_limits=True)]


def _binary_under(parser: Parser, token: Token, name: str) -> list[Node]:
    return [Group(tuple(_over(parser, token, name)), "binary")]


def _buildrel(parser: Parser, token: Token, _: str) -> list[Node]:
    parser.deeper(token)
    above = parser.row(lambda each: each.command == "over")
    parser.depth -= 1
    if parser.next() is None:
        raise parser.wrong(token, "`\\buildrel` without its `\\over`", "write `\\overset{…}{…}`")
    return [Scripts(parser.argument(token), None, above, as_limits=True)]


def _cancel_to(parser: Parser, token: Token, _: str) -> list[Node]:
    above = parser.argument(token)
    return [Scripts(Marked("cancel", parser.argument(token)), None, above)]


def _arrow(parser: Parser, token: Token, name: str) -> list[Node]:
    below, above = parser.option(), parser.argument(token)
    return [Scripts(Operator(ARROWS[name], "arrow"), below, above, as_limits=True)]


def _limit(_: Parser, __: Token, name: str) -> list[Node]:
    sign = {"varinjlim": "→", "varprojlim": "←"}.get(name, "‾")
    return [Accent(Name("lim"), sign, is_wide=True, is_below=name != "varlimsup")]


def _root(parser: Parser, token: Token, _: str) -> list[Node]:
    index = parser.option()
    return [Root(parser.argument(token), index)]


# --- brackets


def _middle(parser: Parser, token: Token, _: str) -> list[Node]:
    if not parser.fences:
        raise parser.wrong(token, "`\\middle` outside of `\\left` and `\\right`", "write `\\mid`")
    return [Middle(parser.delimiter(token))]


def _big(parser: Parser, token: Token, name: str) -> list[Node]:
    stem = name if name in _BIG else name[:-1]
    return [Bracket(parser.delimiter(token), _BIG[stem], _ROLES_OF_BIG[name[len(stem) :]])]


def _in_parentheses(parser: Parser, token: Token, name: str) -> list[Node]:
    inside = parser.argument(token)
    mod: tuple[Node, ...] = (Name("mod"), Space(0.33)) if name == "pmod" else ()
    return [Space(1.0), Operator("(", "opening"), *mod, inside, Operator(")", "closing")]


def _mod(_: Parser, __: Token, name: str) -> list[Node]:
    after = 0.33 if name == "mod" else 0.22
    return [Space(1.0 if name == "mod" else 0.22), Name("mod"), Space(after)]


def _framed(parser: Parser, token: Token, _: str) -> list[Node]:
    return [Marked("box", join(read_text(parser, token, "text")))]


# --- what is read and shows nothing, or in another way


def _nothing(_: Parser, __: Token, ___: str) -> list[Node]:
    return []


def _as_it_is(parser: Parser, token: Token, _: str) -> list[Node]:
    parser.raw_option()
    return [parser.argument(token)]


def _height(parser: Parser, token: Token, _: str) -> list[Node]:
    parser.argument(token)  # room above and below alone
    return [Group(())]


def _fill(parser: Parser, token: Token, _: str) -> list[Node]:
    if not parser.environment:
        raise parser.wrong(
            token, f"`{token.text}` is an error in Anki outside of a cell", r"write `\quad` or `\hspace{…}`"
        )
    return []


def _shoved(parser: Parser, token: Token, _: str) -> list[Node]:
    if parser.environment not in ("multline", "multlined"):
        message = f"`{token.text}` is an error in Anki outside of `multline` and `multlined`"
        raise parser.wrong(token, message, "write it without")
    return [parser.argument(token)]


def _tag(parser: Parser, token: Token, _: str) -> list[Node]:
    star = parser.peek()
    is_plain = star is not None and star.text == "*"
    parser.position += is_plain
    words = join(read_text(parser, token, "text"))
    parser.tag = (Space(2.0), words) if is_plain else (Space(2.0), Words("("), words, Words(")"))
    return []


def _misplaced_line(parser: Parser, token: Token, _: str) -> list[Node]:
    raise parser.wrong(token, f"`{token.text}` is not at the start of a line", "write it behind `\\\\`")


def _misplaced_limits(parser: Parser, token: Token, _: str) -> list[Node]:
    raise parser.wrong(token, f"`{token.text}` behind what is no operator", "write it behind one, as `\\sum`")


# --- the rest


def _fraction(parser: Parser, token: Token, name: str) -> Node:
    has_line, is_display = _FRACTIONS[name]
    above, below = parser.argument(token), parser.argument(token)
    fraction = Fraction(above, below, has_line, is_display)
    return fraction if has_line else Fenced("(", (fraction,), ")")


def _general_fraction(parser: Parser, token: Token) -> Node:
    """Return a fraction of which brackets, line and size are written."""
    ends = []
    for _ in range(2):
        words, _ = parser.raw(token, is_braced=False)
        words = words.strip()
        sign = SIGNS_AS_DELIMITERS.get(words, DELIMITERS.get(words.removeprefix("\\"), "" if not words else None))
        if sign is None:
            raise parser.wrong(token, f"`{token.text}` wants brackets", "write `\\genfrac{(}{)}{0pt}{}{…}{…}`")
        ends.append(sign)
    width, _ = parser.raw(token, is_braced=False)
    size, _ = parser.raw(token, is_braced=False)
    found = LENGTH.fullmatch(width)
    if (width.strip() and not found) or size.strip() not in ("", "0", "1", "2", "3"):
        raise parser.wrong(token, f"`{token.text}` wants a length and a size", "write `\\genfrac{(}{)}{0pt}{}{…}{…}`")
    above, below = parser.argument(token), parser.argument(token)
    has_line = found is None or float(found[1]) > 0
    node: Node = Fraction(above, below, has_line, {"0": True, "1": False}.get(size.strip()))
    if size.strip() in ("2", "3"):
        node = Sized("script" if size.strip() == "2" else "scriptscript", node)
    return Fenced(ends[0], (node,), ends[1]) if any(ends) else node


def _enclosed(parser: Parser, token: Token) -> Node:
    """Return what `\\enclose` draws lines around or through."""
    names, _ = parser.raw(token)
    parser.raw_option()
    node = parser.argument(token)
    for name in re.split(r"[\s,]+", names.strip()):
        if name not in _ENCLOSED:
            parser.unset = parser.unset or token
        else:
            node = Marked(_ENCLOSED[name], node)
    return node


def _with_background(parser: Parser, token: Token) -> Node:
    """Return what `\\bbox` has a color around."""
    parser.check_allowed(token)
    facts = [each.strip() for each in parser.raw_option().split(",")]
    node = parser.argument(token)
    for fact in facts:
        if color := read_color("", fact):
            node = Colored(color, node, is_behind=True)
        elif fact and not LENGTH.fullmatch(fact):
            parser.unset = parser.unset or token
    return node


def _chord(parser: Parser, token: Token, name: str) -> list[Node]:
    """Return what stands in the angles of quantum mechanics, or in a set's braces, with its bars."""
    opening, closing = _CHORDS[name.lower()]
    parser.skip_space()
    following = parser.peek()
    if following is None or following.text != "{":
        inside = parser.argument(token)
    else:
        parser.position += 1
        parser.deeper(following)
        inside = parser.row(lambda each: each.text == "}" or each.command == "end")
        parser.depth -= 1
        end = parser.next()
        if end is None or end.text != "}":
            raise parser.wrong(following, "`{` without its `}`", "close it with `}`")
    children = inside.children if isinstance(inside, Group) and not inside.role else (inside,)
    if name.lower() == "ketbra":
        second = parser.argument(token)
        return [Fenced("|", children, "⟩"), Fenced("⟨", (second,), "|")]
    bars = ("|", "‖", "∣") if name.lower() in ("braket", "set") else ()
    is_high = name[0].isupper()
    children = tuple(
        bar(each, is_high=is_high, is_relation=name.lower() == "set")
        if isinstance(each, Operator) and each.text in bars
        else each
        for each in children
    )
    if name == "set":
        # `\\set` and `\\Set` have some room inside their braces.
        children = (Space(0.167), *children, Space(0.167))
    if is_high:
        return [Fenced(opening, children, closing)]
    ends = (Operator(opening, "opening"), Operator(closing, "closing"))
    return [Group((ends[0], *children, ends[1]))]


def _in_alphabet(parser: Parser, token: Token, alphabet: str) -> Node:
    before, parser.alphabet = parser.alphabet, alphabet
    node = parser.argument(token)
    parser.alphabet = before
    if alphabet == "upright" and isinstance(node, Group):
        return as_name(node)
    return node


def _operator_name(parser: Parser, token: Token) -> Node:
    star = parser.peek()
    if star and star.text == "*":
        parser.position += 1
    before, parser.alphabet = parser.alphabet, "upright"
    node = parser.argument(token)
    parser.alphabet = before
    if any(isinstance(each, Hidden) for each in walk(node)):
        raise parser.misplaced(IN_WORDS, COMMAND)
    words = "".join(words_of(each) for each in (node.children if isinstance(node, Group) else (node,)))
    return Name(words.replace("−", "-").replace("∗", "*"), has_limits=bool(star and star.text == "*"))


def _root_of(parser: Parser, token: Token) -> list[Node]:
    parser.deeper(token)
    index = parser.row(lambda each: each.command == "of")
    parser.depth -= 1
    if parser.next() is None:
        raise parser.wrong(token, "`\\root` without its `\\of`", "write `\\sqrt[3]{…}`")
    return [Root(parser.argument(token), index)]


def _negated(parser: Parser, token: Token) -> Node:
    parser.skip_space()
    following = parser.peek()
    node: Node = Group(())
    if following and following.gap:
        raise parser.misplaced(CUT, WHOLE, following.gap)
    if following and following.text not in ("}", "^", "_", "&"):
        parser.deeper(following)
        node = join(parser.base())
        parser.depth -= 1
    if isinstance(node, Operator | Letter):
        return Operator(unicodedata.normalize("NFC", node.text + "\u0338"))
    return Marked("cancel", node)


def _chemistry(parser: Parser, token: Token, write: Callable[[str], str | None]) -> list[Node]:
    formula, _ = parser.raw(token)
    written = write(formula)
    if written is None:
        parser.unset = parser.unset or token
        return []
    inner = parser.inside(written, parser.depth + 1)
    try:
        node = inner.row(lambda _: False)
        parser.unset = parser.unset or (token if inner.unset else None)
        return [node]
    except WrongError:  # it is not what it seemed to be, and Anki may know
        parser.unset = parser.unset or token
        return []


def _colored(parser: Parser, token: Token, name: str) -> Node:
    color = parser.color(token)
    if name == "textcolor":
        return Colored(color, parser.argument(token))
    if name == "fcolorbox":  # the first color is that of its border
        color = parser.color(token)
    node: Node = Colored(color, join(read_text(parser, token, "text")), is_behind=True)
    return Marked("box", node) if name == "fcolorbox" else node


def _one(make: Callable[[Parser, Token], Node]) -> _Build:
    """Return what builds with a function that makes one node, and does not ask for the command's name."""
    return lambda parser, token, _: [make(parser, token)]


def _named(make: Callable[[Parser, Token, str], Node]) -> _Build:
    """Return what builds with a function that makes one node."""
    return lambda parser, token, name: [make(parser, token, name)]


# What each command makes; those that are signs stand in the tables of `symbols.py`.
_COMMANDS: Mapping[str, _Build] = {
    **{f"{stem}{side}": _big for stem in _BIG for side in _ROLES_OF_BIG},
    **dict.fromkeys(("bra", "Bra", "ket", "Ket", "braket", "Braket", "set", "Set", "ketbra", "Ketbra"), _chord),
    **dict.fromkeys(("hspace", "mspace", "hskip", "mskip", "kern", "mkern"), _one(read_length)),
    **dict.fromkeys(("varliminf", "varlimsup", "varinjlim", "varprojlim"), _limit),
    **dict.fromkeys(("textcolor", "colorbox", "fcolorbox"), _named(_colored)),
    **dict.fromkeys(("phantom", "hphantom"), _one(lambda parser, token: Phantom(parser.argument(token)))),
    **dict.fromkeys(("shoveleft", "shoveright"), _shoved),
    **dict.fromkeys(("hfil", "hfill", "hfilll"), _fill),
    **dict.fromkeys(("fbox", "framebox"), _framed),
    **dict.fromkeys(("not", "centernot"), _one(_negated)),
    **dict.fromkeys(("pod", "pmod"), _in_parentheses),
    **dict.fromkeys(("mod", "bmod"), _mod),
    **dict.fromkeys(PLAIN_GRIDS, _named(grids.plain_grid)),
    "bbox": _one(_with_background),
    "begin": _one(grids.environment),
    "buildrel": _buildrel,
    "cancelto": _cancel_to,
    "ce": lambda parser, token, _: _chemistry(parser, token, write_chemistry),
    "enclose": _one(_enclosed),
    "genfrac": _one(_general_fraction),
    "idotsint": lambda *_: [Operator("∫", "large"), Operator("⋯"), Operator("∫", "large")],
    "left": _one(lambda parser, token: parser.fenced(token)),
    "middle": _middle,
    "operatorname": _one(_operator_name),
    "overset": _over,
    "overunderset": _over_and_under,
    "pu": lambda parser, token, _: _chemistry(parser, token, write_quantity),
    "root": lambda parser, token, _: _root_of(parser, token),
    "sqrt": _root,
    "stackbin": _binary_under,
    "stackrel": _over,
    "substack": _one(grids.substack),
    "tag": _tag,
    "underset": _under,
    "vphantom": _height,
    **dict.fromkeys(("limits", "nolimits"), _misplaced_limits),
    **dict.fromkeys(grids.LINES, _misplaced_line),
    **dict.fromkeys(_AS_IT_IS, _as_it_is),
    **dict.fromkeys(_NOTHING, _nothing),
    **dict.fromkeys(_MARKS, _named(lambda parser, token, name: Marked(_MARKS[name], parser.argument(token)))),
    **dict.fromkeys(ARROWS, _arrow),
    **dict.fromkeys(_ROLES, _named(lambda parser, token, name: with_role(parser.argument(token), _ROLES[name]))),
    **dict.fromkeys(
        alphabets.COMMANDS, _named(lambda parser, token, name: _in_alphabet(parser, token, alphabets.COMMANDS[name]))
    ),
    **dict.fromkeys(_TEXTS, read_text),
    **dict.fromkeys(_FRACTIONS, _named(_fraction)),
    **dict.fromkeys(ACCENTS, _accent),
}
