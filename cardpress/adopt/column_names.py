"""What the first row of a table says of its columns: which is asked, which answers, and which has tags."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum, auto


class Role(Enum):
    """What a column is for."""

    ASKED = auto()
    ANSWER = auto()
    EXTRA = auto()
    TAGS = auto()
    GUID = auto()
    DECK = auto()
    KIND = auto()


# Words by which people and programs call columns, in small letters.
_WORDS = {
    Role.ASKED: "front question q term word prompt vorderseite frage begriff wort recto terme mot anverso pregunta "
    "término termino palabra fronte domanda termine parola frente pergunta termo palavra вопрос слово "
    "表面 質問 問題 单词 正面",
    Role.ANSWER: "back answer a definition meaning translation response rückseite antwort bedeutung übersetzung "
    "verso réponse définition traduction reverso respuesta definición significado traducción retro risposta "
    "definizione significato traduzione resposta definição tradução ответ перевод 裏面 答え 意味 释义 背面",
    Role.EXTRA: "extra note notes comment comments remark explanation hint details bemerkung notiz hinweis remarque",
    Role.TAGS: "tag tags label labels schlagwörter étiquettes etiquetas etiquette",
    Role.GUID: "guid",
    Role.DECK: "deck stapel paquet mazo mazzo baralho",
    Role.KIND: "notetype kind model notiztyp",
}
_ROLES = {word: role for role, words in _WORDS.items() for word in words.split()}
_LANGUAGES = frozenset(
    "english german spanish french italian portuguese dutch swedish norwegian danish finnish polish czech russian "
    "ukrainian greek turkish arabic hebrew hindi japanese chinese korean latin vietnamese thai indonesian hungarian "
    "romanian englisch deutsch spanisch französisch italienisch anglais allemand espagnol français italien inglés "
    "alemán español francés kanji kana reading pinyin hanzi romaji transcription pronunciation example sentence "
    "image picture audio sound id number no nr #".split()
)
# Characters. What is longer is no name of a column.
_LONGEST = 40


def find_role(name: str) -> Role | None:
    """Return what a column of this name is for, None for any other."""
    return _ROLES.get(_unify(name))


def is_header(cells: Sequence[str]) -> bool:
    """Return whether a first row has the names of columns, and is no note."""
    names = [_unify(cell) for cell in cells if cell.strip()]
    if len(names) < 2 or any(len(each) > _LONGEST for each in names):
        return False
    known = [each in _ROLES or each in _LANGUAGES or each.split()[0] in _LANGUAGES for each in names]
    # `question,answer` names two columns; of `dog,Word` nobody knows.
    return sum(known) >= max(2, (len(names) + 1) // 2) and (all(known) or len(set(names)) == len(names))


def _unify(name: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", name.lower()).split()) or name.strip().lower()
