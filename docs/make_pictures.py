"""Makes the README's picture: a card on a phone by day and night, the cheat sheet, and where the page says one stands.

The card is shown by the real Anki, the page by a real browser. Run it with the engine's environment. The card needs
another one that has Anki's desktop, and a virtual screen:

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
LAYOUT = DOCS / "picture.html"
# A phone's screen, in CSS pixels, and how many dots of the picture make one of them.
PHONE = (390, 745)
DENSITY = 2
# The page's window, and how many cards of each of its sections are studied before it is photographed.
PAGE = (620, 800)
STUDIED = (20, 17, 18, 9, 12, 6, 4)
# The card on the phones, as Anki's search finds it.
CARD = "Id:async-await-order-output"


def main() -> None:
    """Make the picture in docs/."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--anki", type=Path, required=True, help="a Python that has aqt[qt6]")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        command = [sys.executable, str(ROOT / "build.py"), "--quiet", "--out", str(out / "dist")]
        subprocess.run(command, check=True)
        made = out / "dist" / "fastapi-interview"
        # A phone has a good font of its own; here, where there may be none, it is the engine's.
        shutil.copytree(ROOT / "templates" / "print" / "fonts", out / "fonts")
        environment = os.environ | {"XDG_DATA_HOME": str(out)}
        for theme in ("day", "night"):
            photograph = [str(options.anki), __file__, "photograph", f"{made}.apkg", str(out), theme]
            command = ["xvfb-run", "-a", "-s", "-screen 0 1600x1800x24", *photograph]
            subprocess.run(command, check=True, env=environment)
        draw_sheet(Path(f"{made}-cheatsheet-a4.pdf"), out / "sheet.png")
        photograph_page(made.with_suffix(".html"), out / "page.png")
        shutil.copy(LAYOUT, out)
        compose(out / LAYOUT.name, DOCS / "picture.png")


def draw_sheet(sheet: Path, picture: Path) -> None:
    """Draw the front of the cheat sheet."""
    command = ["pdftoppm", "-png", "-r", "150", "-f", "1", "-l", "1", "-singlefile", str(sheet)]
    subprocess.run([*command, str(picture.with_suffix(""))], check=True)


def photograph_page(page: Path, picture: Path) -> None:
    """Open the page in Chromium as a reader does, study some cards of each section, and photograph its first screen."""
    from playwright.sync_api import ViewportSize, sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        window = ViewportSize(width=PAGE[0], height=PAGE[1])
        tab = browser.new_page(viewport=window, device_scale_factor=DENSITY, color_scheme="light")
        tab.goto(page.as_uri())
        for number, cards in enumerate(STUDIED):
            tab.get_by_role("button", name="Study", exact=True).nth(number).click()
            for card in range(cards):
                tab.keyboard.press(" ")
                tab.keyboard.press("1" if card % 7 == 3 else "3")
            tab.keyboard.press("Escape")
        tab.evaluate("scrollTo(0, 0)")
        tab.wait_for_timeout(500)
        tab.screenshot(path=picture)
        browser.close()


def compose(layout: Path, picture: Path) -> None:
    """Lay the pictures beside each other, on nothing, so that they stand on a light and on a dark ground."""
    from PIL import Image
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": 1280, "height": 640}, device_scale_factor=DENSITY)
        tab.goto(layout.as_uri())
        tab.locator("main").screenshot(path=picture, omit_background=True)
        browser.close()
    with Image.open(picture) as image:
        image.quantize(256, method=Image.Quantize.FASTOCTREE).save(picture, optimize=True)


def photograph_card(package: Path, folder: Path, theme: str) -> None:
    """Import the package into Anki's own desktop, and photograph both sides of the card at a phone's width.

    Runs in the environment that has aqt; what it imports is there and nowhere else.
    """
    os.environ |= {"QTWEBENGINE_DISABLE_SANDBOX": "1", "QTWEBENGINE_CHROMIUM_FLAGS": "--no-sandbox --disable-gpu"}
    os.environ |= {"QT_SCALE_FACTOR": str(DENSITY)}
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
    profiles.meta |= {"firstRun": False, "defaultLang": "en_US", "updates": False, "suppressUpdate": True}
    profiles.meta["theme"] = 2 if theme == "night" else 1
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
    shown = window.col.sched.get_or_create_filtered_deck(deck_id=0)
    shown.name = "Shown"
    del shown.config.search_terms[:]
    shown.config.search_terms.add(search=CARD, limit=1, order=5)
    window.reset()
    window.col.decks.select(window.col.sched.add_or_update_filtered_deck(shown).id)
    window.moveToState("overview")
    wait(1)
    window.moveToState("review")
    # The card alone has the phone's size: the window is as much larger as its own bars are.
    window.resize(PHONE[0], PHONE[1])
    wait(1)
    card = window.reviewer.web
    window.resize(2 * PHONE[0] - card.width(), 2 * PHONE[1] - card.height())
    wait(2)
    card.grab().save(str(folder / f"front-{theme}.png"))
    window.reviewer._showAnswer()
    wait(2)
    card.grab().save(str(folder / f"back-{theme}.png"))
    window.col.close()
    os._exit(0)  # Anki's own way out asks to sync


if __name__ == "__main__":
    if sys.argv[1:2] == ["photograph"]:
        photograph_card(Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4])
    else:
        main()
