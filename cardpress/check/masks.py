"""Rules on pictures with masks: each mask hides a part of its picture, and released ones are there for ever."""

from __future__ import annotations

from collections.abc import Iterator

from cardpress.check.pictures import check_name
from cardpress.deck.masks import place_masks, read_picture
from cardpress.diagnostics import Diagnostic
from cardpress.diagnostics.suggest import Suggestions
from cardpress.history.masks import find_lost, number_masks
from cardpress.history.records import LAST_DELETION
from cardpress.markdown.sounds import is_sound
from cardpress.note_types import Holds
from cardpress.note_types.identity import make_guid
from cardpress.source.bank import Bank, MaskedPicture, Question
from cardpress.source.media.formats import guess_media_type, sniff
from cardpress.source.media.kinds import explain


def check_masks(bank: Bank) -> Iterator[Diagnostic]:
    """Every mask hides a part of a picture of source/media/, and those that learners have cards of are still there."""
    suggestions = Suggestions(bank.media)
    for note in bank.notes():
        for _, occlusion in note.each(Holds.OCCLUSION):
            yield from _check_places(bank, occlusion, suggestions)
            yield from _check_labels(occlusion)
            yield from _check_kept(bank, note, occlusion)


def _check_places(bank: Bank, occlusion: MaskedPicture, suggestions: Suggestions) -> Iterator[Diagnostic]:
    name = occlusion.image.value
    hint = "put the file in source/media/ and write its name alone: `image: picture.svg`"
    yield from check_name(bank, name, occlusion.image.span, suggestions, hint)
    media = bank.media.get(name)
    if is_sound(name):
        message = f"`{name}` is a sound, and masks lie on a picture"
        yield Diagnostic("unsupported-media", occlusion.image.span, message, "name a picture of source/media/")
        return
    if media is None or sniff(media.data) != guess_media_type(name):
        return  # it was reported
    picture = read_picture(media.data)
    if picture is None:
        message, hint = f"the size of source/media/{name} cannot be read", explain(name, media.data)[1]
        if guess_media_type(name) == "image/svg+xml":
            message, hint = f"source/media/{name} says no size", 'add `viewBox="0 0 640 480"` to its `<svg`'
        yield Diagnostic("bad-mask", occlusion.image.span, message, hint)
        return
    _, faults = place_masks(occlusion, picture)
    yield from (Diagnostic("bad-mask", *fault) for fault in faults)


def _check_labels(occlusion: MaskedPicture) -> Iterator[Diagnostic]:
    """Where one mask of a picture has words, the others have some, too."""
    if any(mask.label for mask in occlusion.masks):
        for mask in (each for each in occlusion.masks if not each.label):
            message = (
                f"the mask `{mask.id.value}` has no `label`, as others of its picture do: no list names what it hides"
            )
            yield Diagnostic("unlabelled-mask", mask.span, message, "add `label: …`, what it hides in words")


def _check_kept(bank: Bank, note: Question, occlusion: MaskedPicture) -> Iterator[Diagnostic]:
    """Each released mask is still there: its number is that of a card which learners have."""
    if bank.history is None or bank.info is None:
        return
    record = bank.history.notes.get(make_guid(bank.info.id.value, note.id.value))
    if record is None or record.kind != note.note_type.kind:
        return
    ids = [mask.id.value for mask in occlusion.masks]
    name = f"`{note.id.value}`"
    for number in find_lost(ids, record.deletions):
        message = f"{name} was released with a mask for card {number}, which learners have; no mask has its id now"
        hint = (
            "put the mask back under its id, wherever it lies now; to ask for it no more, retire the note and write a "
            f"new one with another id, such as `{note.id.value}-2`"
        )
        yield Diagnostic("released-deletion-missing", occlusion.span, message, hint)
    if max(number_masks(ids, record.deletions).values(), default=0) > LAST_DELETION:
        message = f"{name} has used up all {LAST_DELETION} numbers of masks; Anki makes no cards for higher ones"
        yield Diagnostic("text-too-long", occlusion.span, message, "make several notes of it")
