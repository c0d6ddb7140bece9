"""Runs the rules of a Pygments lexer faster: all rules of a state are one expression, which is tried once a token.

Pygments tries rule after rule, some thirty for a token of Python. Which rule is the first that fits is the same: an
expression `a()|b()` tries `a` before `b` at the same place, and the empty group that took part says which it was
(`tests/unit/test_joined_rules.py` compares both for each language with many decks). To join rules takes as long as some
thousand tokens, so that only a state that had so many is joined.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from pygments.lexer import Lexer, RegexLexer
from pygments.token import Error, Whitespace, _TokenType

# Tokens of a state before its rules are joined.
_WORTH_JOINING = 3_000
# Flags that a whole expression begins with, and that a part of one can have, too.
_FLAGS = re.compile(r"\(\?([ims]+)\)")
# What means something else inside of a larger expression: groups by number or name, and flags of its own.
_ALONE = re.compile(r"\\[1-9]|\(\?\(|\(\?P|\(\?[aiLmsux]+\)")

Matcher = Callable[..., re.Match[str] | None]
Rule = tuple[Matcher, Any, Any]
Token = tuple[int, _TokenType, str]


class _Joined(NamedTuple):
    """Rules that are one expression, by the numbers of the groups at their ends; without one, a rule of its own."""

    match: Matcher
    rules: dict[int, Rule]
    alone: Rule | None


def join_rules(lexer: Lexer) -> None:
    """Let a lexer run its rules faster, if it has no other way to run them than most have."""
    if isinstance(lexer, RegexLexer) and type(lexer).get_tokens_unprocessed is RegexLexer.get_tokens_unprocessed:
        rules: dict[str, list[Rule]] = lexer._tokens  # type: ignore[attr-defined]  # its own table of them
        vars(lexer)["get_tokens_unprocessed"] = _Runner(lexer, rules).run  # in the place of what `get_tokens` asks


class _Runner:
    def __init__(self, lexer: Lexer, rules: dict[str, list[Rule]]) -> None:
        self.lexer = lexer
        self.rules = rules
        self.counts = dict.fromkeys(rules, 0)
        self.single = {state: [_Joined(rule[0], {}, rule) for rule in found] for state, found in rules.items()}
        self.joined: dict[str, tuple[_Joined, ...]] = {}

    def run(self, text: str, stack: Sequence[str] = ("root",)) -> Iterator[Token]:
        """Yield the tokens of a text, each with its place, as `RegexLexer` does."""
        place, states = 0, list(stack)
        while True:
            for each in self.joined.get(states[-1]) or self.rules_of(states[-1]):
                if found := each.match(text, place):
                    break
            else:
                if place >= len(text):
                    return
                if text[place] == "\n":
                    states = ["root"]
                    yield place, Whitespace, "\n"
                else:
                    yield place, Error, text[place]
                place += 1
                continue
            match, action, then = each.alone or each.rules[found.lastindex or 0]
            end = found.end()
            if type(action) is _TokenType:
                yield place, action, text[place:end]
            elif action is not None:
                yield from action(self.lexer, found if each.alone else match(text, place))
            place = end
            if then is not None:
                _change(states, then)

    def rules_of(self, state: str) -> Sequence[_Joined]:
        """Return the rules of a state that are not joined yet. Joins them where that is worth it by now."""
        self.counts[state] += 1
        if self.counts[state] >= _WORTH_JOINING:
            self.joined[state] = tuple(_join(self.rules[state]))
        return self.single[state]


def _change(states: list[str], then: Any) -> None:
    """Change the stack of states as a rule says: by names, `#pop` and `#push`, or by how many states are left."""
    if isinstance(then, int):
        # One state is always left.
        del states[max(then + len(states), 1) if then < 0 else then :]
        return
    for each in (then,) if isinstance(then, str) else then:
        if each == "#push":
            states.append(states[-1])
        elif each != "#pop":
            states.append(each)
        elif len(states) > 1:
            states.pop()


def _join(rules: Sequence[Rule]) -> Iterator[_Joined]:
    """Yield rules joined, in their order, and alone where they cannot be joined."""
    waiting: list[tuple[str, Rule]] = []
    flags = 0
    for rule in rules:
        source, own_flags = _read(rule)
        if source is None or (waiting and own_flags != flags):
            yield from _join_all(waiting, flags)
            waiting = []
        if source is None:
            yield _Joined(rule[0], {}, rule)
        else:
            waiting.append((source, rule))
            flags = own_flags
    yield from _join_all(waiting, flags)


def _read(rule: Rule) -> tuple[str | None, int]:
    """Return a rule's expression for use in another, None for one that is no part of any, and its flags."""
    pattern: re.Pattern[str] = rule[0].__self__  # type: ignore[attr-defined]  # it is a method of one
    source, flags = pattern.pattern, pattern.flags & ~re.UNICODE
    if begun := _FLAGS.match(source):
        source = f"(?{begun[1]}:{source[begun.end() :]})"
        for letter in begun[1]:
            flags &= ~re.RegexFlag[letter.upper()]
    # Behind a comment in such an expression, what comes next would be one, too.
    is_alone = flags & re.VERBOSE or _ALONE.search(source)
    return (None if is_alone else source), flags


def _join_all(rules: Sequence[tuple[str, Rule]], flags: int) -> Iterator[_Joined]:
    if len(rules) < 2:
        yield from (_Joined(rule[0], {}, rule) for _, rule in rules)
        return
    numbers: dict[int, Rule] = {}
    count = 0
    for source, rule in rules:
        count += re.compile(source, flags).groups + 1
        numbers[count] = rule
    whole = "|".join(f"(?:{source})()" for source, _ in rules)
    yield _Joined(re.compile(whole, flags).match, numbers, None)
