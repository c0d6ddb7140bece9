"""A deck with formulas of each kind, in every place where a text can stand."""

from __future__ import annotations

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
