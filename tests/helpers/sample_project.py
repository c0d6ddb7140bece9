"""A small deck that has one of everything, for tests of whole outputs."""

from __future__ import annotations

from tests.helpers.pictures import png

DECK = """\
id: sample
title: Sample deck
version: 1.2.0
date: 2026-01-02
description: A deck for tests.
introduction: |
  Some **words** first.
authors: [Ada, Grace]
license: CC-BY-4.0
homepage: https://example.org/
report_url: https://example.org/report?card={id}&version={version}
comparisons:
  - title: Even against `odd`
    section: second
    table: |
      | even | odd |
      |------|-----|
      | 2    | 3   |
sections:
  - id: first
    title: First section
    description: What comes first.
  - id: second
    title: Second section
"""

FIRST = """\
- id: one
  number: 1
  level: beginner
  question: What is `one`?
  answer: |
    The first *number*.

    ![one dot](dot.png)
  key_points:
    - It is odd.
    - It divides everything.
  snippet: one.py
  output: |
    1
  how_to_answer: Briefly.
  example_answer: I say that it is the first number.
  pitfalls:
    - claim: It is prime.
      truth: A prime has two divisors.
  sources:
    - title: On one
      url: https://example.org/one
    - https://example.org/number
  tags: [numbers, numbers::odd]
  see_also: [two]
  gist:
    - The first *number*.
    - "![one dot](dot.png)"
  extra: |
    | a | b |
    |---|---|
    | 1 | 2 |
  recall:
    - id: one-successor
      question: What comes after one?
      answer: Two.
      extra: And then three.
      snippet: one.py
      tags: [numbers]
    - id: one-gaps
      cloze: "{{c1::One}} comes before {{c2::two::a number}}."
      tags: [gaps]
- id: two
  question: What is two?
  answer: The second number.
  sources: [https://example.org/two]
"""

SECOND = """\
- id: three
  question: What is three?
  answer: |
    The third number: ![three lines](lines.svg)
  sources: [https://example.org/three]
  recall:
    - id: three-after-two
      question: What comes after two?
      answer: Three.
- id: four
  question: What is four?
  answer: Two and two.
  sources: [https://example.org/four]
"""

SNIPPET = """\
unseen = 0
# card:
one = 1
print(one)
# end
"""

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><path d="M0 2h8M0 4h8M0 6h8"/></svg>\n'

PNG = png(1, 1)

# The files of the project, by their paths below `source/`.
EVERYTHING: dict[str, str | bytes] = {
    "deck.yaml": DECK,
    "first.yaml": FIRST,
    "second.yaml": SECOND,
    "snippets/one.py": SNIPPET,
    "media/dot.png": PNG,
    "media/lines.svg": SVG,
}

# The ids of its notes in the deck's order, each with its number of cards.
NOTES = {"one": 1, "one-successor": 1, "one-gaps": 2, "two": 1, "three": 1, "three-after-two": 1, "four": 1}
