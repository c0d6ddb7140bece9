"""Cloze deletions that hold each kind of content, for tests that every output has it, whole and hidden."""

from __future__ import annotations

from typing import NamedTuple

from tests.conftest import QUESTION
from tests.helpers.sample_project import PNG


class Held(NamedTuple):
    """A cloze text, and what a person reads on the back of its card; `hidden` is what its front lacks."""

    text: str
    shown: str
    hidden: str


HELD = {
    "paragraphs": Held("Say {{c1::one.\n\nAnd two.}} Done.", "Say one. And two. Done.", "one. And two."),
    "list": Held("{{c1::- ant\n- bee}}", "ant bee", "ant bee"),
    "numbers": Held("Steps: {{c1::\n\n1. cut\n2. dry }}", "Steps: cut dry", "cut dry"),
    "tasks": Held("{{c1::\n- [ ] egg\n- [x] fly\n}}", "☐ egg ☑ fly", "egg ☑ fly"),
    "fence": Held("{{c1::```python\ngap = 1\n```}}", "gap = 1", "gap = 1"),
    "indented code": Held("Hat:\n\n{{c1::\n\n    ink = 2\n\n}}", "Hat: ink = 2", "ink = 2"),
    "quotation": Held("{{c1::> jar\n> kit}}", "jar kit", "jar kit"),
    "table": Held("{{c1::| leg | map |\n|---|---|\n| net | owl |}}", "leg map net owl", "leg map net owl"),
    "cell": Held("| pen | {{c1::rug}} |\n|---|---|\n| sun | toe |", "pen rug sun toe", "rug"),
    "heading": Held("{{c1::# urn\n\nvan}}", "urn van", "urn van"),
    "entry": Held("- {{c1::wax\n\n  yak}}\n- zip", "wax yak zip", "wax yak"),
    "list in a quotation": Held("> {{c1::- arc\n> - bay}}", "arc bay", "arc bay"),
    "picture": Held("cog {{c1::![dew](dot.png)}}", "cog dew", "dew"),
    "pictures and text": Held("{{c1::![elf](dot.png)\n\nfog ![gem](dot.png)}}", "elf fog gem", "elf fog gem"),
    "code with colons": Held("hen {{c1::`ice::jam`}}", "hen ice::jam", "ice::jam"),
    "code in code": Held("`key {{c1::lid::mud::}}`", "key lid::mud", "lid::mud"),
    "address with colons": Held("{{c1::<https://nap.org/a::b>}}", "https://nap.org/a::b", "https://nap.org/a::b"),
    "each other": Held("{{c1::oak\n\n- pig\n- {{c1::rod}}}}", "oak pig rod", "oak pig rod"),
}


def files_with_held() -> dict[str, str | bytes]:
    """Return the files of a project whose question `one` has a cloze note for each of HELD, with ids `gap-1`, …."""
    notes = ""
    for number, held in enumerate(HELD.values(), 1):
        lines = "".join(f"        {line}\n" for line in held.text.split("\n"))
        notes += f"    - id: gap-{number}\n      cloze: |\n{lines}"
    return {"first.yaml": f"{QUESTION}  recall:\n{notes}", "media/dot.png": PNG}
