"""A camera's pictures are printed and shown the right way up, in files and in memory that a deck of them can have."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pikepdf
import pytest
from PIL import Image

from cardpress.pdf import typesetting
from cardpress.pdf.typesetting import Job, set_sheet
from cardpress.writers import load_writer
from cardpress.writers import pdf as writer
from tests.helpers.decks import deck_from, package_of
from tests.helpers.pdf_pages import pictures, printed
from tests.helpers.pictures import png


def jpeg(width: int, height: int, orientation: int = 1, mode: str = "RGB") -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SecretCamera"
    file = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert(mode).save(file, "JPEG", exif=exif, quality=95)
    return file.getvalue()


def project(name: str, data: bytes) -> dict[str, str | bytes]:
    return {"first.yaml": f"- id: q\n  question: Q?\n  answer: '![it]({name})'\n", f"media/{name}": data}


def images(pdf: pikepdf.Pdf) -> list[pikepdf.Object]:
    return [each for each in pdf.objects if isinstance(each, pikepdf.Stream) and each.get("/Subtype") == "/Image"]


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
@pytest.mark.parametrize("width", [300, 3000])
def test_a_jpeg_is_printed_as_one_and_not_larger_than_paper_shows(tmp_path: Path, mode: str, width: int) -> None:
    for name, artifact in printed(deck_from(tmp_path, project("it.jpg", jpeg(width, width // 2, mode=mode)))).items():
        most = (1000, 500) if name.startswith("flashcards") else (1600, 800)
        with pikepdf.open(io.BytesIO(artifact.data)) as pdf:
            (image,) = images(pdf)
            assert (int(image.Width), int(image.Height)) == ((300, 150) if width == 300 else most)
            assert image.Filter == "/DCTDecode" or mode == "CMYK"
            assert b"SecretCamera" not in artifact.data


def test_a_photograph_inside_a_drawing_is_printed_and_shown_without_its_camera(tmp_path: Path) -> None:
    figures = base64.b64encode(jpeg(60, 40)).decode()
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 40">'
        f'<image width="60" height="40" href="data:image/jpeg;base64,{figures}"/></svg>'
    )
    deck = deck_from(tmp_path, project("it.svg", svg.encode()))
    for artifact in printed(deck).values():
        with pikepdf.open(io.BytesIO(artifact.data)) as pdf:
            assert images(pdf)
        assert b"SecretCamera" not in artifact.data
    page = load_writer("page")(deck).artifacts[0].data.decode()
    ((_, shown),) = re.findall(r'data:image/svg\+xml(;base64)?,([^"]*)', page)[:1]
    inner = re.search(r"base64,([A-Za-z0-9+/=%]+)", unquote(shown))
    assert inner is not None
    assert b"SecretCamera" not in base64.b64decode(inner[1])


@pytest.mark.parametrize("width", [300, 3000])
def test_a_picture_taken_upright_stands_upright(tmp_path: Path, width: int) -> None:
    for name, artifact in printed(deck_from(tmp_path, project("it.jpg", jpeg(width, width // 2, 6)))).items():
        with pikepdf.open(io.BytesIO(artifact.data)) as pdf:
            found = [box for page in pdf.pages for box in pictures(page)]
        assert found, name
        for left, bottom, right, top in found:
            assert top - bottom == pytest.approx((right - left) * 2, rel=0.02)


def test_anki_gets_the_original_and_the_page_what_a_screen_shows(tmp_path: Path) -> None:
    original = jpeg(3000, 1500)
    deck = deck_from(tmp_path, project("it.jpg", original))
    with zipfile.ZipFile(io.BytesIO(package_of(deck))) as archive:
        assert original in [archive.read(name) for name in archive.namelist()]
    page = load_writer("page")(deck).artifacts[0].data.decode()
    kind, data = re.findall(r'src="data:image/(\w+);base64,([^"]+)"', page)[0]
    shown = Image.open(io.BytesIO(base64.b64decode(data)))
    assert (kind, shown.size) == ("jpeg", (1600, 800))
    assert b"SecretCamera" not in base64.b64decode(data)


def test_a_photograph_that_was_saved_as_a_png_is_named_for_what_it_becomes(tmp_path: Path) -> None:
    file = io.BytesIO()
    Image.effect_noise((2400, 1200), 90).convert("RGB").save(file, "PNG")
    deck = deck_from(tmp_path, project("it.png", file.getvalue()))
    assert 'src="data:image/jpeg;base64,' in load_writer("page")(deck).artifacts[0].data.decode()
    for artifact in printed(deck).values():
        with pikepdf.open(io.BytesIO(artifact.data)) as pdf:
            assert images(pdf)[0].Filter == "/DCTDecode"


def test_a_picture_with_too_many_pixels_is_replaced_by_its_description(tmp_path: Path) -> None:
    deck = deck_from(tmp_path, project("it.png", png(9, 8)))
    # `check` refuses it before.
    bomb = tuple(replace(picture, data=png(9000, 8000)) for picture in deck.media)
    written = load_writer("pdf")(replace(deck, media=bomb))
    (problem,) = written.diagnostics
    assert (problem.code, problem.span.path) == ("unprintable-picture", "source/media/it.png")
    assert "it has 9,000 × 8,000 pixels" in problem.message
    assert len(written.artifacts) == 6


def test_pictures_are_no_part_of_the_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    longest = 0

    def record(job: Job) -> object:
        nonlocal longest
        longest = max(longest, len(job.data))
        return set_sheet(job)

    monkeypatch.setattr(typesetting, "set_sheet", record)
    writer.write(deck_from(tmp_path, project("it.jpg", jpeg(1500, 1500))))
    assert 0 < longest < 5000
