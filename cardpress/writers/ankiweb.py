"""What to paste into AnkiWeb's form for shared decks: title, tags, support page and description.

AnkiWeb's descriptions are a small Markdown: paragraphs, bold, lists and links, and no headings or tables. Signs that
would mean something in it are written as character references, which mean themselves in Markdown and in HTML.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from cardpress.deck.listing import LONGEST_DESCRIPTION, LONGEST_SUPPORT_PAGE, LONGEST_TAGS, LONGEST_TITLE, cut
from cardpress.deck.notes import Deck
from cardpress.deck.overview import count_cards, count_questions, find_news
from cardpress.publish.artifact import Artifact
from cardpress.writers import Written

# A tag whose last part has a letter.
_WORD = re.compile(r"[^\W\d_][^:]*\Z")
_SIGN = re.compile(r"[\\`*_{}\[\]<>#&~|]")
# A line that would begin a list or a heading.
_OPENING = re.compile(r"^(\s*)([-+=]|\d{1,9}[.)])", re.MULTILINE)


def write(deck: Deck) -> Written:
    """Return `<id>.ankiweb.txt`."""
    title, tags, description = cut(deck.title, LONGEST_TITLE), choose_tags(deck), describe(deck)
    support = deck.homepage or fill_report_address(deck)
    say = deck.strings
    parts = [
        (say("Title"), title, LONGEST_TITLE),
        (say("Tags"), tags, LONGEST_TAGS),
        *([(say("Support page"), support, LONGEST_SUPPORT_PAGE)] if len(support) < LONGEST_SUPPORT_PAGE else []),
        (say("Description"), description, LONGEST_DESCRIPTION),
    ]
    # What nothing says stays empty in the form; who wonders why is told what would fill it.
    sources = {
        say("Tags"): {"keys": "tags", "place": "source/*.yaml"},
        say("Support page"): {"keys": "homepage, report_url", "place": "source/deck.yaml"},
    }
    text = "\n".join(
        f"=== {name} ({say('{n} of {all}', n=len(value), all=most)}) ===\n\n"
        f"{value or say('(none: write {keys} in {place})', **sources[name])}\n"
        for name, value, most in parts
    )
    return Written((Artifact(f"{deck.id}.ankiweb.txt", text.encode(), "text/plain", "AnkiWeb's form"),))


def choose_tags(deck: Deck) -> str:
    """Return the words of the deck's tags that most notes have, as many as there is room for, with spaces between."""
    notes = (each for note in deck.notes() for each in (note, *note.recall))
    # Of `python::async-io` both words say what the deck is about; of `since::1.2`, none does.
    about = (
        tag for note in notes for tag in {word for tag in note.tags if _WORD.search(tag) for word in tag.split("::")}
    )
    counts = Counter(about)
    chosen: list[str] = []
    for word in sorted(counts, key=lambda word: (-counts[word], word)):
        if len(" ".join((*chosen, word))) <= LONGEST_TAGS:
            chosen.append(word)
    return " ".join(chosen)


def describe(deck: Deck) -> str:
    """Return the description: what the deck is, what is in it and what is new, how to update, and whose it is."""
    paragraphs = escape(deck.introduction.plain).split("\n\n") if deck.introduction else []
    introduction = "\n\n".join(_take(paragraphs, LONGEST_DESCRIPTION // 3, "…"))
    inside = "\n".join(_take(_list_sections(deck), LONGEST_DESCRIPTION // 3, "- …"))
    parts = (escape(deck.description), introduction, inside, *_list_counts(deck), *_list_news(deck))
    return "\n\n".join(filter(None, (*parts, *_list_further(deck))))


def _take(lines: Iterable[str], most: int, more: str) -> Iterator[str]:
    """Yield lines of up to `most` characters together, and `more` where there are further ones."""
    length = 0
    for line in lines:
        length += len(line) + 2
        if length > most:
            yield more
            return
        yield line


def escape(text: str) -> str:
    """Return a text in which no sign means anything to Markdown or HTML. Its paragraphs stay."""
    text = _SIGN.sub(lambda found: f"&#{ord(found[0])};", text.strip())
    text = _OPENING.sub(lambda found: f"{found[1]}{found[2][:-1]}&#{ord(found[2][-1])};", text)
    return re.sub(r"\n+", "\n\n", text)


def fill_report_address(deck: Deck) -> str:
    """Return where mistakes in the deck are reported, empty where that is not said."""
    return deck.report_url.replace("{id}", deck.id).replace("{version}", deck.version)


def _list_sections(deck: Deck) -> list[str]:
    return [
        f"**{escape(deck.strings('What is inside'))}**\n",
        *(
            f"- {escape(deck.strings('{label}:', label=section.title))} {count_questions(section)}"
            for section in deck.sections
        ),
    ]


def _list_counts(deck: Deck) -> Iterator[str]:
    say = deck.strings
    recall = sum(len(note.recall) for note in deck.notes())
    counts = [say("Questions: {n}", n=sum(map(count_questions, deck.sections)))]
    counts += [say("Recall notes: {n}", n=recall)] if recall else []
    yield escape(" · ".join((*counts, say("Cards: {n}", n=count_cards(deck)))))


def _list_news(deck: Deck) -> Iterator[str]:
    say, news = deck.strings, find_news(deck)
    if news is None:
        return
    counted = (("New notes: {n}", news.new), ("Changed notes: {n}", news.changed), ("Retired notes: {n}", news.retired))
    lines = [f"- {escape(say(label, n=count))}" for label, count in counted if count]
    yield "\n".join((f"**{escape(say('New in version {version}', version=deck.version))}**\n", *lines))


def _list_further(deck: Deck) -> Iterator[str]:
    say = deck.strings
    yield f"**{escape(say('How to update'))}**"
    yield escape(say("Import the new version as you imported the first one: your progress stays."))
    edition = [say("Version {version}, {date}", version=deck.version, date=deck.date)]
    edition += [say("Checked on {what}", what=deck.checked)] if deck.checked else []
    edition += [say("By {authors}", authors=", ".join(deck.authors))] if deck.authors else []
    edition += [say("License: {license}", license=deck.license)] if deck.license else []
    yield escape(" ".join(say("{sentence}.", sentence=each) for each in edition))
    links = (("Homepage", deck.homepage), ("Report a mistake", fill_report_address(deck)))
    yield "\n".join(_list_links([(say(label), address) for label, address in links if address]))


def _list_links(links: Sequence[tuple[str, str]]) -> Iterator[str]:
    for label, address in links:
        # Parentheses would end the address, and these mean the same.
        plain = address.replace("(", "%28").replace(")", "%29")
        yield f"- [{escape(label)}]({plain})"
