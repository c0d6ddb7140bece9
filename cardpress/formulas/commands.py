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
}
# The backslash of a command by which a formula could run script or load something where MathJax sets it, as in
# `\\href{javascript:…}`. Texts that no formula is meant in must not have it either, for a text beside may begin one.
SCRIPTED = ("href", "style", "class", "cssId", "data", "mmlToken")
ACTS = re.compile(rf"\\(?=(?:{'|'.join(SCRIPTED)})(?![A-Za-z])|bbox\s{{0,9}}\[[^\]]{{0,200}}:)")
# What Anki's MathJax knows besides, and neither the page nor print has.
UNSET = frozenset(
    (
        "Aboxed ArrowBetweenLines Bra Braket Colonapprox Coloneq Coloneqq Colonsim Eqcolon Eqqcolon Ket Ketbra "
        "MTFlushSpaceAbove MTFlushSpaceBelow MTThinColon MoveEqLeft Rule Set Space Tiny abovewithdelims adjustlimits "
        "atopwithdelims bbFont bbox bra braket buildrel cancelto cellcolor centerOver centercolon centernot clap "
        "colonapprox colonsim color colorbox columncolor cr cramped crampedclap crampedllap crampedrlap "
        "crampedsubstack definecolor displaylines enclose eqalign eqcolon fcolorbox framebox genfrac idotsint ket "
        "ketbra leftroot llap longLeftrightharpoons longRightleftharpoons longleftrightarrows longrightleftharpoons "
        "lower mathbfsfit mathbfsfup mathbfup mathclap mathllap mathmakebox mathmbox mathrlap mathsfup "
        "minCDarrowheight minCDarrowwidth moveleft moveright ndownarrow nonscript nuparrow oldstyle ordinarycolon "
        "overunderset overwithdelims prescript pu raise rlap rowcolor rule set shortvdotswithin shoveleft shoveright "
        "sideset smash splitdfrac splitfrac stackbin symbb symbfcal symbffrak symbfit symbfscr symbfsf symbfsfit "
        "symbfsfup symbfup symcal symfrak symit symnormal symrm symscr symsf symsfit symsfup symtt symup "
        "textasciicircum textasciitilde textasteriskcentered textbackslash textclap textcolor textllap textrlap "
        "tripledash uproot varinjlim varliminf varlimsup varprojlim vcenter vdotswithin xLeftrightharpoons "
        "xRightleftharpoons xleftharpoondown xleftharpoonup xleftrightharpoons xmathstrut xrightharpoondown "
        "xrightharpoonup xtofrom xtwoheadleftarrow "
    ).split()
)


def suggest(name: str) -> str | None:
    """Return the command that is closest to one that is not known, None without such a one."""
    return find_closest(name, _list_known())


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
