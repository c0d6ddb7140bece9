"""A deck with formulas of each kind, in every place where a text can stand."""

from __future__ import annotations

from typing import NamedTuple

from tests.conftest import DECK

FIRST = r"""
- id: one
  question: What is \(\frac{a}{b} < 1\), in $5?
  answer: |
    As \(x^2\) says:

    \[
    \begin{aligned}
    \int_0^1 x^2\,dx
      &= \left[ \tfrac{1}{3} x^3 \right]_0^1 \\
      &= \frac{1}{3}
    \end{aligned}
    \]

    | \(|x|\) | text |
    |---------|------|
    | \(\|y\|\) | 2 |
  key_points:
    - It is \(\sum_{n=1}^\infty \frac{1}{n^2} = \frac{\pi^2}{6}\).
  sources: [https://example.org/one]
  recall:
    - id: one-cloze
      cloze: So {{c1::\(\frac{a}{b^{2}}\)}} is {{c2::\(a::b\)::which?}}, and \(c\).
- id: two
  question: What is \(\enclose{circle}{c} + \text{"#panic(1)"}\)?
  answer: It is \(\text{#panic("x") ] $1 + 1$ \\ \#eval } \#\{x\} \& @y\).
  sources: [https://example.org/one]
""".replace(r"\\ \#eval ", "")
FORMULAS: dict[str, str | bytes] = {"deck.yaml": DECK, "first.yaml": FIRST}


class Gapped(NamedTuple):
    """A cloze text with a deletion in a formula, and the LaTeX on the front and back of its first card in Anki."""

    text: str
    front: str
    back: str


GAPPED = {
    "behind a line's end and a bracket": Gapped(
        r"\[\begin{aligned} ( a &+ b \\) {{c1::c}} \end{aligned}\]",
        r"\[\begin{aligned} ( a &amp;+ b \\{}) [...] \end{aligned}\]",
        r"\[\begin{aligned} ( a &amp;+ b \\{}) c \end{aligned}\]",
    ),
    "a line's end and a bracket in it": Gapped(
        r"\[y = {{c1::\begin{cases} (a \\) b \end{cases}}}\]",
        r"\[y = [...]\]",
        r"\[y = \begin{cases} (a \\{}) b \end{cases} \]",
    ),
    "a name in a text": Gapped(r"\({{c1::\text{std::sort}}}\)", r"\([...]\)", r"\(\text{std:${}$:sort} \)"),
    "braces in a text": Gapped(r"\({{c1::\text{{a}} }}\)", r"\([...]\)", r"\(\text{${}${a}${}$} \)"),
    "a power": Gapped(r"So \( {{c1::x^2}} + 1 \).", r"\( [...] + 1 \)", r"\( x^2 + 1 \)"),
    "in a fraction": Gapped(r"\( \frac{ {{c1::a}} }{b} \)", r"\( \frac{ [...] }{b} \)", r"\( \frac{ a }{b} \)"),
    "without spaces": Gapped(r"\(\frac{{{c1::a}}}{b}\)", r"\(\frac{ [...]}{b}\)", r"\(\frac{ a}{b}\)"),
    "with braces of its own": Gapped(r"\(x = {{c1::\frac{1}{2}}}\)", r"\(x = [...]\)", r"\(x = \frac{1}{2} \)"),
    "with a hint": Gapped(r"\(2\pi{{c1::r::a length}}\)", r"\(2\pi [\text{a length} ]\)", r"\(2\pi r\)"),
    "behind a brace": Gapped(r"\(\{{{c1::x}}\}\)", r"\(\{ [...]\}\)", r"\(\{ x\}\)"),
    "before a letter": Gapped(r"\({{c1::\alpha}}x\)", r"\([...]x\)", r"\(\alpha x\)"),
    "a sign": Gapped(r"\(a {{c1::<}} b\)", r"\(a [...] b\)", r"\(a &lt; b\)"),
    "with limits": Gapped(r"\({{c1::\lim}}_{x \to 0} f\)", r"\([...]_{x \to 0} f\)", r"\(\lim_{x \to 0} f\)"),
    "two of a number": Gapped(r"\({{c1::a}} + {{c1::b}}\)", r"\([...] + [...]\)", r"\(a + b\)"),
    "two numbers": Gapped(r"\({{c1::a}} + {{c2::b}}\)", r"\([...] + b\)", r"\(a + b\)"),
    "in an environment": Gapped(
        r"\[\begin{aligned}{{c1::a}} &= b \\{{c1::c}} &= d\end{aligned}\]",
        r"\[\begin{aligned}{}[...] &amp;= b \\ [...] &amp;= d\end{aligned}\]",
        r"\[\begin{aligned}{}a &amp;= b \\ c &amp;= d\end{aligned}\]",
    ),
    "colons": Gapped(r"\(f {{c1:::=}} g\)", r"\(f [...] g\)", r"\(f  := g\)"),
    "in a deletion": Gapped(r"{{c2::So \({{c1::x}} + y\)}}", r"\([...] + y\)", r"\(x + y\)"),
    "what looks like a sound": Gapped(r"\([so{{c1::und:a}}]\)", r"\([{}so[...]]\)", r"\([{}sound:a]\)"),
}
