"""Makes a deck of any size in which all texts differ. Run: python bench/generate.py COUNT FOLDER [SHAPE]

The shape is `rich` in recall notes, as the FastAPI deck is, if nothing else is said; `plain`: answers are a paragraph,
a list and a code block; `table`: the notes are the rows of one, with two cards each; or `photographs`: each question
shows one of 3.8 MB.
"""

from __future__ import annotations

import csv
import io
import random
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import genanki
from PIL import Image

WORDS = """request response server client thread event loop cache model field header cookie query path body schema route
token scope session engine worker process memory queue task timer stream socket message broker index column table row
value type error handler filter module package import decorator context manager iterator generator future result
state version release branch commit merge deploy monitor metric trace log alert retry timeout
limit budget signal buffer""".split()
SECTIONS = 20


class Writer:
    """Makes random sentences, code and questions, the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def words(self, low: int, high: int) -> str:
        return " ".join(self.random.choices(WORDS, k=self.random.randint(low, high)))

    def sentence(self) -> str:
        code = f" `{self.random.choice(WORDS)}_{self.random.randrange(10**6)}`" if self.random.random() < 0.5 else ""
        strong = f" **{self.random.choice(WORDS)}**" if self.random.random() < 0.2 else ""
        return f"The {self.words(6, 14)}{code}{strong} {self.words(2, 6)}."

    def paragraph(self, count: int, indent: str) -> str:
        return "\n".join(f"{indent}{self.sentence()}" for _ in range(count))

    def snippet(self) -> str:
        name = f"{self.random.choice(WORDS)}_{self.random.randrange(10**6)}"
        lines = ["# card:", "from dataclasses import dataclass", "", "@dataclass", f"class {name.title()}:"]
        lines += [
            f"    {word}_{n}: int = {self.random.randrange(100)}" for n, word in enumerate(self.random.sample(WORDS, 6))
        ]
        lines += [
            "",
            f"def {name}(value: int) -> str:",
            f'    """Say {self.words(3, 5)}."""',
            '    return f"{value:>{4}}"',
        ]
        return "\n".join([*lines, "# end", f'assert {name}(1) == "   1"', ""])

    def question(self, number: int, folder: Path) -> str:
        """Return one question as YAML, about as long as those of the FastAPI deck, and write its snippet."""
        (folder / "snippets" / f"s{number}.py").write_text(self.snippet(), encoding="utf-8")
        points = "\n".join(f"    - The {self.words(6, 12)} `{self.random.choice(WORDS)}`." for _ in range(5))
        pitfalls = "\n".join(
            f"    - claim: The {self.words(5, 9)}.\n      truth: The {self.words(8, 14)}." for _ in range(2)
        )
        recall = "\n".join(
            f"    - id: q{number}-recall-{n}\n      question: What is the {self.words(4, 7)} of {number * 10 + n}?\n"
            f"      answer: The {self.words(4, 12)}.\n      tags: [{self.random.choice(WORDS)}]"
            for n in range(4)
        )
        clozes = "\n".join(
            f"    - id: q{number}-cloze-{n}\n"
            f'      cloze: "The {self.words(4, 7)} is {{{{c1::{self.random.choice(WORDS)}}}}} {self.words(1, 4)}."'
            for n in range(2)
        )
        return f"""- id: q{number}
  number: {number}
  level: intermediate
  question: How does the {self.words(4, 8)} number {number} work?
  answer: |
{self.paragraph(3, "    ")}
  key_points:
{points}
  snippet: s{number}.py
  output: |
    {self.words(3, 6)}
  how_to_answer: |
{self.paragraph(3, "    ")}
  example_answer: |
{self.paragraph(6, "    ")}
  pitfalls:
{pitfalls}
  sources: [https://example.org/{number}]
  tags: [{self.random.choice(WORDS)}]
  recall:
{recall}
{clozes}
"""

    def plain_question(self, number: int) -> str:
        """Return one question as YAML, with nothing but an answer: a paragraph, a list and a code block."""
        points = "\n".join(f"    - The {self.words(6, 12)} `{self.random.choice(WORDS)}`." for _ in range(4))
        code = "\n".join(f"    {line}".rstrip() for line in self.snippet().splitlines()[1:-2])
        return f"""- id: q{number}
  question: How does the {self.words(4, 8)} number {number} work?
  answer: |
{self.paragraph(4, "    ")}

{points}

    ```python
{code}
    ```
"""


def generate(count: int, project: Path) -> None:
    """Write a project with `count` questions in source/, each with six recall notes and a snippet."""
    writer, snippets = Writer(count), project / "source" / "snippets"
    snippets.mkdir(parents=True)
    _write_sections(project, count, lambda number: writer.question(number, project / "source"))


def generate_plain(count: int, project: Path) -> None:
    """Write a project with `count` questions in source/ that have nothing but an answer."""
    (project / "source").mkdir(parents=True)
    _write_sections(project, count, Writer(count).plain_question)


def _write_sections(project: Path, count: int, write: Callable[[int], str]) -> None:
    """Write deck.yaml, and the questions from 1 to `count` into the sections' files."""
    folder = project / "source"
    sections = "\n".join(f"  - {{id: section-{n}, title: Section {n}}}" for n in range(SECTIONS))
    deck = f"id: generated\ntitle: Generated\nversion: 1.0.0\ndate: 2026-01-01\nsections:\n{sections}\n"
    (folder / "deck.yaml").write_text(deck, encoding="utf-8")
    for section in range(SECTIONS):
        numbers = range(section * count // SECTIONS, (section + 1) * count // SECTIONS)
        text = "\n".join(write(number + 1) for number in numbers)
        (folder / f"section-{section}.yaml").write_text(text or "[]\n", encoding="utf-8")


def generate_photographs(count: int, project: Path) -> None:
    """Write a project with `count` questions, each of which shows a photograph of its own."""
    writer, media = Writer(count), project / "source" / "media"
    media.mkdir(parents=True)
    deck = "id: generated\ntitle: Generated\nversion: 1.0.0\ndate: 2026-01-01\nsections:\n  - {id: all, title: All}\n"
    (media.parent / "deck.yaml").write_text(deck, encoding="utf-8")
    questions = []
    for number in range(1, count + 1):
        write_photograph(media / f"photo-{number}.jpg", number)
        shown = f"    ![The {writer.words(3, 6)} number {number}](photo-{number}.jpg)\n"
        asked = f"What does the {writer.words(4, 8)} number {number} look like?"
        questions.append(f"- id: q{number}\n  question: {asked}\n  answer: |\n{writer.paragraph(2, '    ')}\n\n{shown}")
    (media.parent / "all.yaml").write_text("\n".join(questions), encoding="utf-8")


def write_photograph(file: Path, seed: int) -> None:
    """Write a JPEG of 12 million pixels and some 3.8 MB, as cameras make them: noise over colors that fade."""
    width, height = 4032, 3024
    noise = Image.frombytes("L", (width // 2, height // 2), random.Random(seed).randbytes(width * height // 4))
    grain, fading = noise.resize((width, height), Image.Resampling.BICUBIC), Image.linear_gradient("L")
    channels = [Image.blend(fading.rotate(90 * turn).resize(grain.size), grain, 0.246) for turn in range(3)]
    Image.merge("RGB", channels).save(file, "JPEG", quality=90)


NOTE_TYPE = """\
title: Word
noun: a word
fields:
  - {key: word, holds: line, required: true}
  - {key: meaning, holds: line, required: true}
  - {key: example, holds: text}
cards:
  - {name: Recognise, asks: [word], answers: [meaning, example]}
  - {name: Recall, asks: [meaning], answers: [word, example]}
"""


def generate_table(count: int, project: Path) -> None:
    """Write a project with a table of `count` rows, each of which makes two cards."""
    source, note_type = project / "source", project / "templates" / "note-types" / "word" / "note-type.yaml"
    source.mkdir(parents=True)
    note_type.parent.mkdir(parents=True)
    note_type.write_text(NOTE_TYPE, encoding="utf-8")
    section = "  - {id: words, title: Words, table: words.csv, note_type: word}\n"
    deck = f"id: generated\ntitle: Generated\nversion: 1.0.0\ndate: 2026-01-01\nsections:\n{section}"
    (source / "deck.yaml").write_text(deck, encoding="utf-8")
    writer = Writer(count)
    with (source / "words.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(("id", "word", "meaning", "example", "tags"))
        for number in range(1, count + 1):
            word, meaning = f"the *{writer.words(1, 3)}* {number}", f"the {writer.words(4, 8)} of {number}"
            table.writerow((f"w{number}", word, meaning, writer.sentence(), writer.random.choice(WORDS)))


def generate_package(count: int) -> bytes:
    """Return an Anki package of `count` notes as people make them by hand: HTML in half of their fields, and tags."""
    writer = Writer(count)
    note_type = genanki.Model(
        1607392319,
        "By hand",
        fields=[{"name": "Front"}, {"name": "Back"}],
        templates=[{"name": "Card 1", "qfmt": "{{Front}}", "afmt": "{{FrontSide}}<hr id=answer>{{Back}}"}],
    )
    deck = genanki.Deck(2059400110, "Generated")
    for number in range(1, count + 1):
        back = f"<b>{writer.words(4, 8)}</b><br>{writer.sentence()}&nbsp;<i>{writer.words(1, 3)}</i>"
        tags = [writer.random.choice(WORDS), f"lesson::{number // 100}"]
        deck.add_note(
            genanki.Note(note_type, [f"{writer.words(1, 3)} {number}", back], guid=f"guid-{number}", tags=tags)
        )
    made = io.BytesIO()
    genanki.Package(deck).write_to_file(made, timestamp=1_715_000_000)
    return made.getvalue()


SHAPES: Mapping[str, Callable[[int, Path], None]] = {
    "rich": generate,
    "plain": generate_plain,
    "table": generate_table,
    "photographs": generate_photographs,
}

if __name__ == "__main__":
    SHAPES[sys.argv[3] if sys.argv[3:] else "rich"](int(sys.argv[1]), Path(sys.argv[2]))
