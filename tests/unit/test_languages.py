"""A language is written from right to left when its script is, whatever else its tag says."""

from __future__ import annotations

import pytest

from cardpress.source.languages import is_right_to_left


@pytest.mark.parametrize("language", ["ar", "he", "fa-IR", "AR-eg", "az-Arab", "ur", "yi"])
def test_right_to_left(language: str) -> None:
    assert is_right_to_left(language)


@pytest.mark.parametrize("language", ["en", "de-AT", "zh-Hant-TW", "ar-Latn", "az-Latn-AZ", "arn", "pt-BR"])
def test_left_to_right(language: str) -> None:
    assert not is_right_to_left(language)
