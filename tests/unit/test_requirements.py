"""The pins are complete: whatever a pinned package requires is pinned too, on every system and Python that we name."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution, version
from typing import NamedTuple, TypedDict

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from cardpress.engine import MAKE_BYTES, find_version
from tests.conftest import ROOT

RUN_TIME, DEVELOPMENT = "requirements.txt", "requirements-dev.txt"
OLDEST_ANKI, ANKI_OF_2024 = ".ci/anki-oldest.txt", ".ci/anki-2024.txt"  # for .ci/try_ankis
WHEEL = ".ci/wheel.txt"  # for .ci/try_wheel
FILES = (RUN_TIME, DEVELOPMENT, OLDEST_ANKI, ANKI_OF_2024, WHEEL)
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
# What each system says of itself: sys.platform, os.name, platform.system(), platform.machine().
SYSTEMS = (
    ("linux", "posix", "Linux", "x86_64"),
    ("linux", "posix", "Linux", "aarch64"),
    ("darwin", "posix", "Darwin", "arm64"),
    ("darwin", "posix", "Darwin", "x86_64"),
    ("win32", "nt", "Windows", "AMD64"),
    ("win32", "nt", "Windows", "ARM64"),
)
ENVIRONMENTS = [
    {
        "sys_platform": system,
        "os_name": os_name,
        "platform_system": platform_system,
        "platform_machine": machine,
        "platform_release": "",
        "platform_version": "",
        "python_version": python,
        "python_full_version": f"{python}.0",
        "implementation_name": "cpython",
        "implementation_version": f"{python}.0",
        "platform_python_implementation": "CPython",
    }
    for python in PYTHONS
    for system, os_name, platform_system, machine in SYSTEMS
]


class Pin(NamedTuple):
    """A package and the one version of it that is installed, where `marker` holds."""

    requirement: Requirement
    name: str
    version: str


class Facts(TypedDict):
    """What a package says of itself."""

    requires_python: str | None
    requires: list[str]


@cache
def pins(file: str) -> tuple[Pin, ...]:
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    requirements = [Requirement(line.rstrip(" \\")) for line in lines if re.match(r"[A-Za-z0-9]", line)]
    return tuple(Pin(each, canonicalize_name(each.name), str(each.specifier)[2:]) for each in requirements)


@cache
def project() -> dict[str, list[str]]:
    """What the project and .ci/*.in ask for, by the file of pins that must satisfy it."""
    whole = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    table = whole["project"]
    groups = (*table["optional-dependencies"].values(), *whole["dependency-groups"].values())
    extras = [line for lines in groups for line in lines]
    wanted = {RUN_TIME: table["dependencies"], DEVELOPMENT: [*table["dependencies"], *extras]}
    for file in (OLDEST_ANKI, ANKI_OF_2024, WHEEL):
        lines = (ROOT / file).with_suffix(".in").read_text(encoding="utf-8").splitlines()
        wanted[file] = [line for line in lines if not line.startswith("#")]
    return wanted


@cache
def metadata() -> dict[str, Facts]:
    content: dict[str, Facts] = json.loads((ROOT / "requirements-metadata.json").read_text(encoding="utf-8"))
    return content


def applying(file: str, environment: dict[str, str]) -> dict[str, Pin]:
    """Return the pins that pip installs in an environment, by their names."""
    found = [
        each for each in pins(file) if not each.requirement.marker or each.requirement.marker.evaluate(environment)
    ]
    assert len(found) == len({each.name for each in found}), "one package is pinned to two versions"
    return {each.name: each for each in found}


def missing(wanted: list[str], installed: dict[str, Pin], environment: dict[str, str]) -> Iterator[str]:
    """Follow what is wanted, with the extras that it is wanted with, and yield all that no pin satisfies."""
    open_ = [(text, "the project", "") for text in wanted]
    seen = set()
    while open_:
        text, by, extra = open_.pop()
        requirement = Requirement(text)
        if requirement.marker and not requirement.marker.evaluate(environment | {"extra": extra}):
            continue
        pin = installed.get(canonicalize_name(requirement.name))
        if pin is None or not requirement.specifier.contains(pin.version, prereleases=True):
            yield f"{by} requires {text}; pinned is {pin.version if pin else 'none'}"
            continue
        for each in ("", *requirement.extras):
            if (pin.name, each) not in seen:
                seen.add((pin.name, each))
                requires = metadata()[f"{pin.name}=={pin.version}"]["requires"]
                open_ += [(line, f"{pin.name} {pin.version}", each) for line in requires]


@pytest.mark.parametrize("file", FILES)
def test_everything_that_a_pinned_package_requires_is_pinned(file: str) -> None:
    for environment in ENVIRONMENTS:
        assert list(missing(project()[file], applying(file, environment), environment)) == [], environment


@pytest.mark.parametrize("file", FILES)
def test_every_pinned_package_supports_every_python(file: str) -> None:
    for environment in ENVIRONMENTS:
        for pin in applying(file, environment).values():
            wanted = metadata()[f"{pin.name}=={pin.version}"]["requires_python"] or ""
            assert SpecifierSet(wanted).contains(environment["python_full_version"]), pin


def test_a_pin_that_is_taken_away_is_missed() -> None:
    environment = ENVIRONMENTS[0]
    for name in ("mdurl", "chevron", "markupsafe"):
        installed = {key: pin for key, pin in applying(RUN_TIME, environment).items() if key != name}
        problems = [*missing(project()[RUN_TIME], installed, environment)]
        assert problems
        assert all(f"requires {name}" in problem.lower() for problem in problems)


def test_what_makes_bytes_is_required_at_the_version_that_is_pinned() -> None:
    wanted = {canonicalize_name(each.name): str(each.specifier) for each in map(Requirement, project()[RUN_TIME])}
    pinned = {pin.name: f"=={pin.version}" for pin in pins(RUN_TIME)}
    exact = {name: specifier for name, specifier in wanted.items() if specifier.startswith("==")}
    assert exact == {name: pinned[name] for name in MAKE_BYTES}


def test_the_wheel_is_made_by_what_is_pinned() -> None:
    system = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]
    assert system["requires"] == [f"{pin.name}=={pin.version}" for pin in pins(WHEEL) if pin.name == "hatchling"]


def test_the_engine_runs_with_what_is_pinned() -> None:
    assert {name: version(name) for name in MAKE_BYTES} == {
        pin.name: pin.version for pin in pins(RUN_TIME) if pin.name in MAKE_BYTES
    }


def test_the_metadata_is_that_of_the_pins() -> None:
    pinned = {pin for file in FILES for pin in pins(file)}
    assert sorted(metadata()) == sorted({f"{pin.name}=={pin.version}" for pin in pinned})


def test_the_readme_names_the_ankis_that_are_tested() -> None:
    oldest, of_2024 = (next(pin for pin in pins(file) if pin.name == "anki") for file in (OLDEST_ANKI, ANKI_OF_2024))
    text = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    assert f"It works from Anki {oldest.version} " in text
    assert f"tested in that one, in {of_2024.version} and in the newest" in text


def test_what_is_installed_here_says_what_the_metadata_records() -> None:
    for pin in pins(RUN_TIME):
        if not pin.requirement.marker or pin.requirement.marker.evaluate():
            installed = distribution(pin.name)
            assert installed.version == pin.version
            assert sorted(installed.requires or []) == sorted(metadata()[f"{pin.name}=={pin.version}"]["requires"])


@pytest.mark.parametrize("file", FILES)
def test_every_pin_has_a_hash_and_no_address(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=[A-Za-z0-9])", text)
    assert len(blocks) == len(pins(file)) > 10
    assert all("--hash=sha256:" in block for block in blocks)
    assert "://" not in text
    assert "index-url" not in text


def test_what_tests_need_holds_what_builds_need() -> None:
    # An environment for tests counts as one for builds.
    assert {str(pin.requirement) for pin in pins(RUN_TIME)} <= {str(pin.requirement) for pin in pins(DEVELOPMENT)}


def test_versions_are_those_that_python_knows() -> None:
    for name in (*MAKE_BYTES, "rapidfuzz"):
        assert find_version(name) == version(name)
    with pytest.raises(PackageNotFoundError):
        find_version("no-such-package-of-ours")
