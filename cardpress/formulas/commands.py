"""Commands that formulas do not have here: those that would act, and those that Anki alone sets."""

from __future__ import annotations

import re
from functools import cache

from cardpress.diagnostics.suggest import find_closest
from cardpress.formulas import alphabets, symbols

_DEFINES = "defines something, and what is defined in one card would hold for others"
_ACTS = "changes the page around it"
_READS = "reads or writes a file"
# What each does that no formula may.
FORBIDDEN = {
    **dict.fromkeys(
        (
            "def edef gdef let newcommand renewcommand providecommand newenvironment renewenvironment "
            "DeclareMathOperator DeclarePairedDelimiter DeclarePairedDelimiterX DeclarePairedDelimiterXPP "
            "DeclarePairedDelimiters DeclarePairedDelimitersX DeclarePairedDelimitersXPP Newextarrow newtagform "
            "renewtagform usetagform mathtoolsset require usepackage documentclass makeatletter csname"
        ).split(),
        _DEFINES,
    ),
    **dict.fromkeys("href url class style cssId data unicode texttip mathtip toggle verb mmlToken".split(), _ACTS),
    **dict.fromkeys("input include includegraphics write openin openout immediate read".split(), _READS),
    **dict.fromkeys("ref eqref refeq".split(), "points to a formula of another place"),
    "label": "names a formula, and where a card shows that again, Anki says that two have the name",
}
# What changes every formula that Anki's MathJax sets after it, on later cards, too.
DEFINING = tuple(name for name, harm in FORBIDDEN.items() if harm == _DEFINES)
DEFINES = re.compile(rf"\\(?=(?:{'|'.join(DEFINING)}|label)(?![A-Za-z]))")
# The backslash of a command by which a formula could run script or load something where MathJax sets it, as in
# `\\href{javascript:…}`. Texts that no formula is meant in must not have it either, for a text beside may begin one.
SCRIPTED = ("href", "style", "class", "cssId", "data", "mmlToken")
ACTS = re.compile(rf"\\(?=(?:{'|'.join(SCRIPTED)})(?![A-Za-z])|bbox\s{{0,9}}\[[^\]]{{0,200}}:)")
# What other programs know, or people use as if it were there, and what Anki's MathJax has for it.
INSTEAD = {
    "bm": r"\boldsymbol",
    "bold": r"\mathbf",
    "mathds": r"\mathbb",
    "mathbbm": r"\mathbb",
    "R": r"\mathbb{R}",
    "N": r"\mathbb{N}",
    "Z": r"\mathbb{Z}",
    "Q": r"\mathbb{Q}",
    "C": r"\mathbb{C}",
    "E": r"\mathbb{E}",
    "argmax": r"\operatorname*{argmax}",
    "argmin": r"\operatorname*{argmin}",
    "abs": r"\lvert … \rvert",
    "norm": r"\lVert … \rVert",
    "floor": r"\lfloor … \rfloor",
    "ceil": r"\lceil … \rceil",
    "llbracket": "[\\![",
    "rrbracket": "]\\!]",
    "dd": r"\mathrm{d}",
    "diff": r"\mathrm{d}",
    "dv": r"\frac{\mathrm{d}…}{\mathrm{d}…}",
    "pdv": r"\frac{\partial …}{\partial …}",
    "vb": r"\mathbf",
    "qty": r"\left( … \right)",
    "grad": r"\nabla",
    "SI": r"\pu{…}",
    "si": r"\pu{…}",
    "num": r"\pu{…}",
    "emph": r"\textit",
    "textmd": r"\text",
    "textsc": r"\text",
    "prescript": "{}^{…}_{…}",
    "sout": r"\enclose{horizontalstrike}{…}",
    "underbar": r"\underline",
    "widecheck": r"\check",
    "vcentcolon": r"\mathrel{:}",
    "medspace": r"\:",
    "thickspace": r"\;",
    "hArr": r"\Leftrightarrow",
    "dag": r"\dagger",
    "ddag": r"\ddagger",
    "slash": "/",
    "P": r"\textparagraph",
    "copyright": r"\textcopyright",
    "pounds": r"\textsterling",
    "euro": r"\texteuro",
    "oiint": "∯",
    "oiiint": "∰",
    **{
        name: rf"\operatorname{{{name}}}"
        for name in "sgn sign rank tr Tr diag Span span curl Var Cov Corr arccot arcsec arccsc arsinh arcosh artanh "
        "sech csch lcm cov var Res Ker im id ord supp rot adj ad Aut End Hom Gal sinc erf".split()
    },
}
# What Anki's MathJax knows besides, and neither the page nor print has.
UNSET = frozenset(
    (
        "AXC Aboxed ArrowBetweenLines Axiom AxiomC BIC BinaryInf BinaryInfC LL LaTeX LeftLabel "
        "MTFlushSpaceAbove MTFlushSpaceBelow MoveEqLeft QuaternaryInf QuaternaryInfC QuinaryInf QuinaryInfC RL "
        "RightLabel Rule Space TIC TeX TrinaryInf TrinaryInfC UIC UnaryInf UnaryInfC adjustlimits "
        "alwaysDashedLine alwaysNoLine alwaysRootAtBottom alwaysRootAtTop alwaysSingleLine alwaysSolidLine "
        "array bbFont cellcolor centerOver columncolor crampedllap crampedrlap crampedsubstack dashedLine "
        "definecolor empheqbigl empheqbiglVert empheqbiglangle empheqbiglbrace empheqbiglbrack empheqbiglceil "
        "empheqbiglfloor empheqbiglparen empheqbiglvert empheqbigr empheqbigrVert empheqbigrangle "
        "empheqbigrbrace empheqbigrbrack empheqbigrceil empheqbigrfloor empheqbigrparen empheqbigrvert empheql "
        "empheqlVert empheqlangle empheqlbrace empheqlbrack empheqlceil empheqlfloor empheqlparen empheqlvert "
        "empheqr empheqrVert empheqrangle empheqrbrace empheqrbrack empheqrceil empheqrfloor empheqrparen "
        "empheqrvert eqalignno fCenter leftroot leqalignno llap lower mathbfsfit mathchoice mathllap "
        "mathmakebox mathrlap minCDarrowheight minCDarrowwidth moveleft moveright ndownarrow noLine notChar "
        "nuparrow raise rlap rootAtBottom rootAtTop rowcolor rule shortvdotswithin sideset singleLine skew "
        "solidLine splitdfrac splitfrac symbfsfit textclap textcompwordmark textllap textrlap tripledash uproot "
        "vdotswithin "
    ).split()
)
# Where alone Anki's MathJax has some of these, and shows an error elsewhere: directly in a cell, of an environment that
# aligns or of any; in the index of a root; and in `prooftree`, of which nothing is read here.
IN_ALIGNED = frozenset("Aboxed ArrowBetweenLines MTFlushSpaceAbove MTFlushSpaceBelow shortvdotswithin".split())
IN_CELLS = frozenset("MoveEqLeft cellcolor columncolor rowcolor vdotswithin".split())
IN_ROOTS = frozenset({"leftroot", "uproot"})
IN_PROOFS = frozenset(
    "AXC Axiom AxiomC BIC BinaryInf BinaryInfC LL LeftLabel QuaternaryInf QuaternaryInfC QuinaryInf QuinaryInfC RL "
    "RightLabel TIC TrinaryInf TrinaryInfC UIC UnaryInf UnaryInfC alwaysDashedLine alwaysNoLine alwaysRootAtBottom "
    "alwaysRootAtTop alwaysSingleLine alwaysSolidLine dashedLine noLine rootAtBottom rootAtTop singleLine "
    "solidLine".split()
)


def suggest(name: str) -> str | None:
    """Return the command that is closest to one that is not known, None without such a one."""
    return find_closest(name, _list_known())


def is_command(name: str) -> bool:
    """Return whether a name is that of a command of TeX, whether or not formulas may have it."""
    return name in _list_all()


@cache
def _list_all() -> frozenset[str]:
    others = (
        "LaTeX Phi bbox bf bfseries big bigg biggl biggr bigl bigm bigr bmod boldsymbol bold boxed bra braket buildrel "
        "enclose ensuremath fbox footnotesize flat newline nobreak nobreakspace nolimits nonumber normalsize not notag "
        "raise raisebox require rlap rm root rule tag tbinom tt tiny textbf textcolor textit textmd textnormal textrm "
        "textsc textsf textstyle textsize textsuperscript textsubscript texttt textup thickspace thinspace underbrace "
        "underbar underline underparen unicode uplus vcenter verb vphantom acute bar breve vec tilde xcancel"
    )
    return frozenset({*_list_known(), *FORBIDDEN, *INSTEAD, *UNSET, *others.split()})


@cache
def _list_known() -> tuple[str, ...]:
    tables = (
        symbols.LETTERS,
        symbols.UPRIGHT,
        symbols.OPERATORS,
        symbols.LARGE,
        symbols.DELIMITERS,
        symbols.NAMES,
        symbols.NAMES_WITH_LIMITS,
        symbols.ACCENTS,
        symbols.ARROWS,
        alphabets.COMMANDS,
    )
    others = "begin end frac dfrac tfrac binom sqrt left right text operatorname overset underset substack quad".split()
    return tuple(sorted({*others, *(name for table in tables for name in table if name.isalpha())}))
