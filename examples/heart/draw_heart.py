"""Draws source/media/heart.svg: a heart from the front, as a diagram, with ten labels.

Each label stands in a box with an id; the boxes are what the cards cover.
"""

from __future__ import annotations

from pathlib import Path

# Label, its id, and where its line ends in the heart. The first five stand at the left, which is the heart's right.
LABELS = (
    ("superior vena cava", "superior-vena-cava", 188, 62),
    ("right atrium", "right-atrium", 196, 158),
    ("tricuspid valve", "tricuspid-valve", 217, 218),
    ("right ventricle", "right-ventricle", 236, 286),
    ("inferior vena cava", "inferior-vena-cava", 161, 352),
    ("aorta", "aorta", 268, 50),
    ("pulmonary artery", "pulmonary-artery", 318, 98),
    ("left atrium", "left-atrium", 330, 164),
    ("mitral valve", "mitral-valve", 314, 214),
    ("left ventricle", "left-ventricle", 312, 286),
)
BOX_WIDTH, BOX_HEIGHT, STEP = 138, 26, 68
HEART = """\
  <g stroke="#1d2328" stroke-width="2" stroke-linejoin="round">
    <path d="M174 18H202V130H174Z M148 176H174V384H148Z" fill="#8fb4dc"/>
    <path d="M250 150V62A34 34 0 0 1 320 48L298 66A14 14 0 0 0 280 70V150Z" fill="#e59a8f"/>
    <path d="M258 220V132L336 78 350 102 284 148V220Z" fill="#8fb4dc"/>
    <path d="M166 196A44 52 0 0 1 250 130L260 206H176Z" fill="#8fb4dc"/>
    <path d="M362 200A40 46 0 0 0 292 140L286 206H352Z" fill="#e59a8f"/>
    <path d="M176 214H258V220H284L278 372C210 360 168 296 176 214Z" fill="#8fb4dc"/>
    <path d="M288 214H352C364 292 330 352 286 376L280 300Z" fill="#e59a8f"/>
    <path d="M176 210 204 226M258 210 230 226M288 210 304 226M352 210 324 226" fill="none" stroke-width="4"/>
  </g>
"""


def draw_labels() -> str:
    """Return the boxes with their texts, and the lines that lead from them."""
    drawn = []
    for index, (text, name, x, y) in enumerate(LABELS):
        is_left = index < 5
        left, middle = (8 if is_left else 374), 50 + index % 5 * STEP
        edge = left + BOX_WIDTH if is_left else left
        place = f'x="{left}" y="{middle - BOX_HEIGHT // 2}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}"'
        drawn.append(
            f'  <path d="M{edge} {middle} {x} {y}" stroke="#1d2328" stroke-width="1.25"/>\n'
            f'  <circle cx="{x}" cy="{y}" r="3"/>\n'
            f'  <rect id="{name}" {place} rx="4" fill="#f1efe8" stroke="#dcd9d0"/>\n'
            f'  <text x="{left + BOX_WIDTH // 2}" y="{middle + 5}" text-anchor="middle">{text}</text>\n'
        )
    return "".join(drawn)


def main() -> None:
    """Write the picture."""
    head = (
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 520 400" width="520" height="400" '
        'font-family="Inter, system-ui, sans-serif" font-size="13" fill="#1d2328">\n'
        "  <title>The heart from the front</title>\n"
        '  <rect width="520" height="400" rx="8" fill="#fbfaf7"/>\n'
    )
    text = f"{head}{HEART}{draw_labels()}</svg>\n"
    (Path(__file__).parent / "source" / "media" / "heart.svg").write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
