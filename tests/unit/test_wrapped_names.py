"""A field for a picture or sound wants the name of a file alone: what other programs write around it is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import WriteProject
from tests.helpers.diagnostics import problems
from tests.helpers.own_note_types import DECK_OF_WORDS, place_of
from tests.helpers.pictures import png
from tests.helpers.sounds import silence

WORD = """\
title: Word
noun: a word
fields:
  - {key: word, holds: line, required: true}
  - {key: sound, holds: audio}
  - {key: picture, holds: picture}
cards: [{asks: [word], answers: [sound, picture]}]
"""


def project(write: WriteProject, **values: str) -> Path:
    lines = "".join(f"  {key}: '{value}'\n" for key, value in values.items())
    return write(
        {
            "deck.yaml": DECK_OF_WORDS,
            "first.yaml": f"- id: dog\n  word: el perro\n{lines}",
            place_of("word"): WORD,
            "media/perro.wav": silence(8),
            "media/animals/x.png": png(8, 8),
        }
    )


@pytest.mark.parametrize(
    ("key", "value", "name"),
    [
        ("sound", "[sound:perro.wav]", "perro.wav"),
        ("sound", "[Sound: perro.wav ]", "perro.wav"),
        ("sound", '<audio src="perro.wav"></audio>', "perro.wav"),
        ("sound", "![a dog](perro.wav)", "perro.wav"),
        ("sound", "![[perro.wav]]", "perro.wav"),
        ("sound", "source/media/perro.wav", "perro.wav"),
        ("picture", '<img src="animals/x.png">', "animals/x.png"),
        ("picture", '<img alt="x" src="animals/x.png" width="3" />', "animals/x.png"),
        ("picture", "<img src=animals/x.png>", "animals/x.png"),
        ("picture", "![x](animals/x.png)", "animals/x.png"),
        ("picture", "![[animals/x.png|200]]", "animals/x.png"),
        ("picture", "media/animals/x.png", "animals/x.png"),
        ("picture", "./source/media/animals/x.png", "animals/x.png"),
    ],
)
def test_the_name_alone_is_proposed_for_a_file_that_is_there(
    key: str, value: str, name: str, write_project: WriteProject
) -> None:
    missing = [each for each in problems(project(write_project, **{key: value})) if each.code == "missing-media"]
    assert [(each.help, each.span.line) for each in missing] == [(f"write `{name}`", 3)]


def test_a_file_that_is_not_there_is_named_without_its_signs(write_project: WriteProject) -> None:
    found = problems(project(write_project, sound="[sound:gato.mp3]"))
    (missing,) = (each for each in found if each.code == "missing-media")
    assert missing.help == "create source/media/gato.mp3, and write its name alone: `gato.mp3`"
