"""The elements of MathML that formulas are written in, and their attributes: for the guard against anything else."""

from __future__ import annotations

ELEMENTS = frozenset(
    "math mrow mi mn mo mtext mspace mfrac msqrt mroot msub msup msubsup munder mover munderover mtable mtr mtd mstyle "
    "mphantom".split()
)
ATTRIBUTES = {
    "math": {"alttext", "display"},
    "mi": {"mathvariant"},
    "mo": {"form", "stretchy", "lspace", "rspace", "minsize", "maxsize", "movablelimits"},
    "mspace": {"width"},
    "mtext": {"class"},
    "mfrac": {"linethickness", "displaystyle"},
    "mover": {"accent", "class"},
    "munder": {"accentunder", "class"},
    "mstyle": {"displaystyle", "scriptlevel", "mathcolor", "mathbackground"},
    "mtable": {"displaystyle", "class"},
    "mtd": {"class"},
    "mrow": {"class", "data-cloze", "data-hint"},
}
