"""The script that people write today: YAML and pictures in, one package out.

Run: python bench/baseline.py SOURCE OUT.apkg
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import Any

import genanki
import markdown
import yaml

FIELDS = (
    "question",
    "answer",
    "key_points",
    "snippet",
    "output",
    "how_to_answer",
    "example_answer",
    "pitfalls",
    "extra",
)


def html(text: str) -> str:
    """Return Markdown as HTML, with the extensions that most such scripts use."""
    return markdown.markdown(text, extensions=["fenced_code", "codehilite", "tables"])


def field(question: dict[str, Any], name: str, source: Path) -> str:
    """Return one field of a question as HTML, an empty text when the question does not have it."""
    value = question.get(name)
    if value is None:
        return ""
    if name == "key_points":
        return html("\n".join(f"- {point}" for point in value))
    if name == "pitfalls":
        return html("\n".join(f"- {pitfall['claim']} **{pitfall['truth']}**" for pitfall in value))
    if name == "snippet":
        return html(f"```python\n{(source / 'snippets' / value).read_text(encoding='utf-8')}\n```")
    return html(str(value))


def main(source: Path, out: Path) -> None:
    """Write the package."""
    deck_yaml = yaml.safe_load((source / "deck.yaml").read_text(encoding="utf-8"))
    names = [name.title() for name in FIELDS]
    model = genanki.Model(
        1607392319,
        "Interview",
        fields=[{"name": name} for name in names],
        templates=[{"name": "Card", "qfmt": "{{Question}}", "afmt": "{{FrontSide}}<hr id=answer>{{Answer}}"}],
    )
    recall = genanki.Model(
        1607392320,
        "Recall",
        fields=[{"name": "Question"}, {"name": "Answer"}],
        templates=[{"name": "Card", "qfmt": "{{Question}}", "afmt": "{{FrontSide}}<hr id=answer>{{Answer}}"}],
    )
    cloze = genanki.Model(
        1607392321,
        "Cloze",
        fields=[{"name": "Text"}],
        templates=[{"name": "Card", "qfmt": "{{cloze:Text}}", "afmt": "{{cloze:Text}}"}],
        model_type=genanki.Model.CLOZE,
    )
    word = genanki.Model(
        1607392322,
        "Word",
        fields=[{"name": "Word"}, {"name": "Meaning"}, {"name": "Example"}],
        templates=[
            {"name": "Recognise", "qfmt": "{{Word}}", "afmt": "{{FrontSide}}<hr id=answer>{{Meaning}}{{Example}}"},
            {"name": "Recall", "qfmt": "{{Meaning}}", "afmt": "{{FrontSide}}<hr id=answer>{{Word}}{{Example}}"},
        ],
    )
    decks = []
    for number, section in enumerate(deck_yaml["sections"]):
        deck = genanki.Deck(2059400110 + number, f"{deck_yaml['title']}::{section['title']}")
        if "table" in section:
            with (source / section["table"]).open(encoding="utf-8", newline="") as file:
                for row in csv.DictReader(file):
                    fields = [html(row[key]) for key in ("word", "meaning", "example")]
                    deck.add_note(genanki.Note(model=word, fields=fields, tags=row["tags"].split()))
            decks.append(deck)
            continue
        for question in yaml.safe_load((source / f"{section['id']}.yaml").read_text(encoding="utf-8")):
            deck.add_note(genanki.Note(model=model, fields=[field(question, name, source) for name in FIELDS]))
            for note in question.get("recall", []):
                if "cloze" in note:
                    deck.add_note(genanki.Note(model=cloze, fields=[html(note["cloze"])]))
                else:
                    deck.add_note(genanki.Note(model=recall, fields=[html(note["question"]), html(note["answer"])]))
        decks.append(deck)
    media = sorted(str(file) for file in (source / "media").glob("*"))
    genanki.Package(decks, media_files=media).write_to_file(out)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
