"""Makes source/media/*.mp3 from the words in source/, with espeak-ng and lame.

A sound is made when its file is not there yet: another version of the two programs makes other bytes.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import yaml

SOURCE = Path(__file__).parent / "source"


def main() -> None:
    """Make the sound of every word that lacks it."""
    for file in sorted(SOURCE.glob("*.yaml")):
        entries = yaml.safe_load(file.read_text(encoding="utf-8"))
        for entry in entries if isinstance(entries, list) else ():
            target = SOURCE / "media" / entry["sound"]
            if not target.exists():
                say = ("espeak-ng", "-v", "es", "-s", "140", "--stdout", entry["word"])
                spoken = subprocess.run(say, check=True, capture_output=True).stdout
                press = ("lame", "--quiet", "-m", "m", "-b", "24", "--resample", "16", "-", str(target))
                subprocess.run(press, check=True, input=spoken)


if __name__ == "__main__":
    main()
