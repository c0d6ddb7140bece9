"""Makes the README's pictures: a card in the real Anki, a page of the sheet, the page in a real browser.

Run it with the engine's environment. The card needs another one that has Anki's desktop, and a virtual screen:

    apt install xvfb libxcb-cursor0 libxkbcommon-x11-0 libegl1 libnss3 poppler-utils chromium
    python3 -m venv anki && anki/bin/pip install 'aqt[qt6]'

    .venv/bin/python docs/make_pictures.py --anki anki/bin/python
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
WIDTH, HEIGHT = 900, 1100


def main() -> None:
    """Make all three pictures in docs/."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--anki", type=Path, required=True, help="a Python that has aqt[qt6]")
    options = arguments.parse_args()
    DOCS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        command = [sys.executable, str(ROOT / "build.py"), "--quiet", "--out", str(out / "dist")]
        subprocess.run(command, check=True)
        made = out / "dist" / "fastapi-interview"
        photograph_page(made.with_suffix(".html"), DOCS / "page.png")
        photograph_sheet(Path(f"{made}-cheatsheet-a4.pdf"), DOCS / "sheet.png")
        screen = ["xvfb-run", "-a", "-s", f"-screen 0 {WIDTH}x{HEIGHT}x24"]
        photograph = [str(options.anki), __file__, "photograph", f"{made}.apkg", str(DOCS / "card.png")]
        subprocess.run([*screen, *photograph], check=True)


def photograph_page(page: Path, picture: Path) -> None:
    """Open the page in Chromium as a reader does, and photograph what is on the screen."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": 1280, "height": 960}, color_scheme="light")
        tab.goto(f"{page.as_uri()}#dependency-injection")
        tab.wait_for_timeout(500)
        tab.screenshot(path=picture)
        browser.close()


def photograph_sheet(sheet: Path, picture: Path) -> None:
    """Draw the sheet's second page, which has more of it than the first."""
    command = ["pdftoppm", "-png", "-r", "90", "-f", "2", "-l", "2", "-singlefile", str(sheet)]
    subprocess.run([*command, str(picture.with_suffix(""))], check=True)


def photograph_card(package: Path, picture: Path) -> None:
    """Import the package into Anki's own desktop, show the first card's answer, and photograph the window.

    Runs in the environment that has aqt; what it imports is there and nowhere else.
    """
    os.environ |= {"QTWEBENGINE_DISABLE_SANDBOX": "1", "QTWEBENGINE_CHROMIUM_FLAGS": "--no-sandbox --disable-gpu"}
    import aqt
    from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest
    from anki.lang import set_lang
    from aqt.profiles import ProfileManager

    base = Path(tempfile.mkdtemp())
    profiles = ProfileManager(base)
    profiles.setupMeta()
    set_lang("en_US")
    profiles.create("Learner")
    profiles.openProfile("Learner")
    profiles.meta |= {"firstRun": False, "defaultLang": "en_US", "updates": False, "suppressUpdate": True, "theme": 1}
    profiles.save()
    application = aqt._run(["anki", "-b", str(base), "-p", "Learner"], exec=False)
    window = aqt.mw

    def wait(seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            application.processEvents()
            time.sleep(0.01)

    wait(3)
    request = ImportAnkiPackageRequest(package_path=str(package), options=ImportAnkiPackageOptions())
    window.col.import_anki_package(request)
    window.resize(WIDTH, HEIGHT)
    window.move(0, 0)
    window.reset()
    window.col.decks.select(min(window.col.decks.all_names_and_ids(skip_empty_default=True), key=lambda d: d.name).id)
    window.moveToState("overview")
    wait(2)
    window.moveToState("review")
    wait(2)
    window.reviewer._showAnswer()
    wait(2)
    window.grab().save(str(picture))
    window.col.close()
    os._exit(0)  # Anki's own way out asks to sync


if __name__ == "__main__":
    if sys.argv[1:2] == ["photograph"]:
        photograph_card(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        main()
