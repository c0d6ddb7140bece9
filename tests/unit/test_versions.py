"""Versions sort as semver.org says, and the least step for a change is told rightly."""

from __future__ import annotations

import itertools

import pytest

from cardpress.history.versions import VERSION, rank, step

# semver.org's own examples, in order.
IN_ORDER = [
    "0.0.1",
    "0.1.0",
    "0.9.12",
    "0.10.0",
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.beta",
    "1.0.0-beta",
    "1.0.0-beta.2",
    "1.0.0-beta.11",
    "1.0.0-rc.1",
    "1.0.0",
    "1.0.1-0",
    "1.0.1",
    "2.0.0",
    "10.0.0",
]


def test_every_version_comes_after_those_before_it() -> None:
    for earlier, later in itertools.combinations(IN_ORDER, 2):
        assert rank(earlier) < rank(later), (earlier, later)


def test_what_a_build_is_called_is_no_matter_of_order() -> None:
    assert rank("1.0.0+first") == rank("1.0.0+second.2") == rank("1.0.0")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "1.0",
        "v1.0.0",
        "1.0.0.0",
        "01.0.0",
        "1.0.0-01",
        "1.0.0-",
        "1.0.0+",
        "1.0.0 ",
        "1.0.0\n",
        "1.٢.0",
        "-1.0.0",
    ],
)
def test_what_is_no_version_is_refused(text: str) -> None:
    assert VERSION.fullmatch(text) is None
    with pytest.raises(ValueError, match="is not a semantic version"):
        rank(text)


@pytest.mark.parametrize(
    ("version", "minor", "patch"),
    [
        ("1.2.3", "1.3.0", "1.2.4"),
        ("1.2.3+build", "1.3.0", "1.2.4"),
        ("0.2.3", "0.3.0", "0.2.4"),
        # A pre-release has taken its step already; a larger one is still to be taken.
        ("2.0.0-rc.1", "2.0.0", "2.0.0"),
        ("1.3.0-rc.1", "1.3.0", "1.3.0"),
        ("1.2.4-rc.1", "1.3.0", "1.2.4"),
        ("0.3.0-rc.1", "0.3.0", "0.3.0"),
        ("0.2.4-rc.1", "0.3.0", "0.2.4"),
    ],
)
def test_the_least_release_for_a_step(version: str, minor: str, patch: str) -> None:
    assert [step(version, size) for size in ("minor", "patch")] == [minor, patch]
