"""The changelog gets a section for each release, and keeps whatever else is in it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cardpress.release.changes import Change, Changes
from cardpress.release.documents import update_changelog, write_release_notes
from cardpress.release.refusals import RefusedError

FOUND = Changes(
    "1.0.0", (Change("one", "guid", "interview", "What is one?", ("reworded",), True, noun="a question"),), ()
)
BODY = """\
For those who have 1.0.0: 1 note is updated, 0 schedules lost.

- Reworded: 1 question.
  - What is one?
"""
SECTION = f"## 1.0.1, 2026-02-01\n\n<!-- release of sample -->\n\n{BODY}"


def after(text: str | None) -> str:
    return update_changelog(None if text is None else text.encode(), "sample", "1.0.1", "2026-02-01", FOUND).decode()


@pytest.mark.parametrize("text", [None, "", "\n"])
def test_without_a_changelog_one_begins(text: str | None) -> None:
    assert after(text).removeprefix("# Changelog\n\n") == SECTION


OLDER = "## 1.0.0, 2026-01-01\n\nThe first release.\n"
CASES = {
    "older releases": (f"# Changelog\n\n{OLDER}", f"# Changelog\n\n{SECTION}\n{OLDER}"),
    "no title": (OLDER, f"{SECTION}\n{OLDER}"),
    "words below the title": (f"# Changes\n\nWords.\n\n{OLDER}", f"# Changes\n\nWords.\n\n{SECTION}\n{OLDER}"),
    "notes of one's own": (
        f"# Changelog\n\n## Unreleased\n\n- A mend of the engine.\n\n{OLDER}",
        f"# Changelog\n\n{SECTION}\n- A mend of the engine.\n\n{OLDER}",
    ),
    "notes with headings": (
        "# Changelog\n\n## Unreleased\n\nFor authors:\n\n### More\n\n- A mend.\n",
        f"# Changelog\n\n{SECTION}\nFor authors:\n\n### More\n\n- A mend.\n",
    ),
    "an empty section": (f"# Changelog\n\n## Unreleased\n\n{OLDER}", f"# Changelog\n\n{SECTION}\n{OLDER}"),
    "nothing after it": ("# Changelog\n\n## Unreleased", f"# Changelog\n\n{SECTION}"),
    "another way to write it": (f"# Changelog\n\n## [unreleased]\n\n{OLDER}", f"# Changelog\n\n{SECTION}\n{OLDER}"),
    "a byte order mark": (f"\ufeff# Changelog\n\n{OLDER}", f"# Changelog\n\n{SECTION}\n{OLDER}"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_release_gets_a_section_above_all_others(name: str) -> None:
    before, wanted = CASES[name]
    assert after(before) == wanted


def test_a_changelog_that_is_not_text_is_refused() -> None:
    with pytest.raises(RefusedError):
        update_changelog(b"\xff\xfe", "sample", "1.0.1", "2026-02-01", FOUND)


def test_release_notes_say_which_release_and_what_it_means() -> None:
    said = write_release_notes("sample", "1.0.1", "2026-02-01", FOUND).decode()
    assert said.startswith(f"# 1.0.1\n\n2026-02-01\n\n{BODY}\nIn notes that are updated, your own text")
    assert "An update passes by what was edited after 2026-02-01, by" in said
    assert "set *Update notes* to *Always*" in said
    assert "*Merge note types*" in said
    assert said.endswith("\n\n<!-- release of sample -->\n")


def test_release_notes_say_that_a_new_card_of_an_edited_note_is_blank() -> None:
    (note, *others) = FOUND.notes
    added = replace(FOUND, notes=(replace(note, what=("reworded",), cards=("c2",)), *others))
    assert "blank front" not in write_release_notes("sample", "1.0.1", "2026-02-01", FOUND).decode()
    assert "blank front" in write_release_notes("sample", "1.0.1", "2026-02-01", added).decode()


def test_release_notes_say_how_retired_notes_are_found() -> None:
    (note,) = FOUND.notes
    retired = replace(FOUND, notes=(replace(note, what=("retired",)),))
    assert "::retired" not in write_release_notes("sample", "1.0.1", "2026-02-01", FOUND).decode()
    assert "search for\n`tag:sample::retired`" in write_release_notes("sample", "1.1.0", "2026-02-01", retired).decode()


def test_release_notes_say_what_a_new_design_replaces() -> None:
    designed = replace(FOUND, note_types=("recall",), type_titles={"recall": "recall"})
    assert "new design" not in write_release_notes("sample", "1.0.1", "2026-02-01", FOUND).decode()
    assert "keep a copy of it" in write_release_notes("sample", "1.1.0", "2026-02-01", designed).decode()
    first = replace(designed, since=None, new_types=("recall",))
    assert "new design" not in write_release_notes("sample", "1.0.0", "2026-02-01", first).decode()


def test_release_notes_without_an_update_say_nothing_of_what_stops_one() -> None:
    first = replace(FOUND, notes=())
    assert "Always" not in write_release_notes("sample", "1.0.1", "2026-02-01", first).decode()
