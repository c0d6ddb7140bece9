"""Words that a command line takes from a list: the nearest to a mistyped one, and what a shell completes them to."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import click
from click.shell_completion import CompletionItem

from cardpress.diagnostics.unusual import did_you_mean


def reject(what: str, word: str, known: Collection[str], otherwise: str = "") -> str:
    """Return a message on a word that is none of those known: `what` and the word, and the nearest of them.

    Where none is near, it says what is known, or `otherwise`.
    """
    from cardpress.diagnostics.suggest import find_closest  # only a mistake loads what compares words

    bare = {each.lstrip("-"): each for each in known}  # what all options share says nothing
    close = find_closest(word.lstrip("-"), bare)
    hint = did_you_mean(word, bare[close]) if close else otherwise or f"choose from {', '.join(known)}"
    return f"{what} `{word}`; {hint}"


class OneOf(click.Choice[str]):
    """One of some words. `meanings` has what each is for, if a shell is to show that."""

    def __init__(
        self, words: Collection[str], meanings: Mapping[str, str] | None = None, *, is_case_sensitive: bool = True
    ) -> None:
        super().__init__(tuple(words), case_sensitive=is_case_sensitive)
        self._meanings = meanings or {}

    def get_invalid_choice_message(self, value: object, ctx: click.Context | None) -> str:
        """Return what is said of a word that is none of them."""
        return reject("there is no", str(value), self.choices)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
        """Return the words that begin so."""
        return [_item(each, self._meanings) for each in self.choices if each.startswith(incomplete)]


class SomeOf(click.ParamType[str]):
    """Some of some words, with commas between them. `noun` is what each is called."""

    name = "list"

    def __init__(self, words: Collection[str], noun: str, meanings: Mapping[str, str] | None = None) -> None:
        self.words = tuple(words)
        self._noun = noun
        self._meanings = meanings or {}

    def split(self, value: str) -> list[str]:
        """Return the words in a value, whatever they are."""
        return [word.strip() for word in value.split(",")]

    def choose(self, value: str, option: str) -> tuple[str, ...]:
        """Return the words in an option's value, sorted. Raises click.BadParameter for one that is none of them."""
        named = self.split(value)
        for word in named:
            if word not in self.words:
                raise click.BadParameter(reject(f"there is no {self._noun}", word, self.words), param_hint=option)
        return tuple(sorted(set(named)))

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
        """Return what stands before the last comma with each word behind it that begins so, and is not there yet."""
        before, comma, begun = incomplete.rpartition(",")
        given = self.split(before)
        return [
            _item(each, self._meanings, before + comma)
            for each in self.words
            if each.startswith(begun) and each not in given
        ]


def _item(word: str, meanings: Mapping[str, str], before: str = "") -> CompletionItem[str]:
    return CompletionItem(before + word, help=meanings.get(word))
