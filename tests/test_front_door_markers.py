"""The pins hold together, and the front door reads their markers as pip does."""

from __future__ import annotations

import re
import sys

import pytest
from packaging.markers import Marker, default_environment

from cardpress import front_door
from tests.conftest import ROOT

FILES = ("requirements.txt", "requirements-dev.txt")
MACHINES = [("linux", "posix", "Linux"), ("darwin", "posix", "Darwin"), ("win32", "nt", "Windows")]
PYTHONS = [(3, 11, 7), (3, 12, 0), (3, 13, 2), (3, 14, 0)]


def pin_lines(name: str) -> list[str]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return [line.rstrip(" \\") for line in lines if "==" in line and not line.lstrip().startswith("#")]


def markers() -> list[str]:
    lines = {line.partition(";")[2].strip() for name in FILES for line in pin_lines(name)}
    return sorted(lines - {""})


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("machine", MACHINES)
def test_every_marker_of_the_pins_is_read_as_pip_reads_it(
    monkeypatch: pytest.MonkeyPatch, machine: tuple[str, str, str], python: tuple[int, int, int]
) -> None:
    sys_platform, os_name, platform_system = machine
    environment = {str(key): str(value) for key, value in default_environment().items()} | {
        "sys_platform": sys_platform,
        "os_name": os_name,
        "platform_system": platform_system,
        "python_version": f"{python[0]}.{python[1]}",
        "python_full_version": ".".join(map(str, python)),
    }
    wanted = {text: Marker(text).evaluate(environment) for text in markers()}
    monkeypatch.setattr(sys, "platform", sys_platform)
    monkeypatch.setattr("os.name", os_name)
    monkeypatch.setattr(sys, "version_info", (*python, "final", 0))
    got = {text: front_door._applies(text) for text in wanted}
    monkeypatch.undo()
    assert got == wanted


def test_both_platforms_and_versions_make_a_difference_to_these_pins() -> None:
    assert any("sys_platform" in text for text in markers())
    assert any("python_full_version" in text for text in markers())


@pytest.mark.parametrize("name", FILES)
def test_every_pin_is_read_and_has_a_hash_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    applying = [line for line in pin_lines(name) if front_door._applies(line.partition(";")[2].strip())]
    got = [f"{package}=={version}" for package, version in front_door._pins(ROOT / name)]
    assert got == [re.sub(r"\[.*?\]", "", line.partition(";")[0]).strip() for line in applying]
    assert len(got) > 10
    pins = re.split(r"\n(?=[A-Za-z0-9])", text)
    assert all("--hash=sha256:" in pin for pin in pins if "==" in pin)
    assert "://" not in text
    assert "index-url" not in text


def test_what_tests_need_holds_what_builds_need() -> None:
    # An environment for tests counts as one for builds.
    assert set(pin_lines(FILES[0])) <= set(pin_lines(FILES[1]))
