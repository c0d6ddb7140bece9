"""What a card with masks has so that Anki draws them: the parts of its own image occlusion, in our design."""

from __future__ import annotations

from cardpress.note_types import Holds, NoteType, OcclusionPart

# By these ids Anki's script finds the picture, and the canvas on which it draws the masks, which it reads from the
# hidden deletions (its `rslib/src/image_occlusion/notetype.rs`).
_MASKED = """\
<div style="display: none">{{cloze:Occlusion}}</div>
<div id="err" style="display: none">@@label:Masks need Anki 23.10 or newer.@@</div>
<div id="image-occlusion-container">
{{Image}}
<canvas id="image-occlusion-canvas"></canvas>
</div>
<script>
try {
    anki.imageOcclusion.setup();
} catch (exc) {
    document.getElementById("err").style.display = "block";
}
</script>
"""
# Anki's script shows it where a card hides all.
_TOGGLE = '<div class="toggle"><button id="toggle">@@label:Toggle masks@@</button></div>\n'


def write_masked(note_type: NoteType, *, is_back: bool) -> str:
    """Return the picture with its masks, and above it the place in which the back says what was asked for."""
    names = {field.holds: field.name for field in note_type.fields}
    label = f"{{{{cloze:{names[OcclusionPart.LABELS]}}}}}" if is_back else ""
    picture = _MASKED.replace("{{Image}}", f"{{{{{names[OcclusionPart.IMAGE]}}}}}")
    picture = picture.replace("{{cloze:Occlusion}}", f"{{{{cloze:{names[Holds.OCCLUSION]}}}}}")
    return f'<div class="label" dir="@@direction@@">{label}</div>\n{picture}{_TOGGLE if is_back else ""}'
