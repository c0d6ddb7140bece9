"""Rules on pictures with masks: each mask hides a part of its picture, and released ones are there for ever."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from cardpress.anki.deletions import make_mask_record
from cardpress.check.pictures import check_name
from cardpress.diagnostics import Diagnostic
from cardpress.diagnostics.suggest import Suggestions
from cardpress.history.masks import find_lost, find_moved, number_masks
from cardpress.history.records import LAST_DELETION, MaskRecord
from cardpress.markdown.sounds import is_sound
from cardpress.note_types import Holds
from cardpress.source.bank import Bank, MaskedPicture, Question
from cardpress.source.media.formats import guess_media_type, sniff
from cardpress.source.media.kinds import explain

# What places masks is loaded by the functions that need it: most decks have none.
if TYPE_CHECKING:
    from cardpress.deck.notes import Box


def check_masks(bank: Bank) -> Iterator[Diagnostic]:
    """Every mask hides a part of a picture of source/media/, and those that learners have cards of are still there."""
    suggestions = Suggestions(bank.media)
    for note in bank.notes():
        for _, occlusion in note.each(Holds.OCCLUSION):
            yield from _check_places(bank, occlusion, suggestions)
            yield from _check_labels(occlusion)
            yield from _check_kept(bank, note, occlusion)


def _check_places(bank: Bank, occlusion: MaskedPicture, suggestions: Suggestions) -> Iterator[Diagnostic]:
    from cardpress.deck.masks import place_masks, read_picture

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
    """Each released mask is still there, and hides what it hid: its number is that of a card which learners have."""
    if bank.history is None or bank.info is None:
        return
    released = bank.history.notes.get(note.identify(bank.info.id.value))
    if released is None or released.kind != note.note_type.kind:
        return
    written = {mask.id.value: mask for mask in occlusion.masks}
    masks = make_records(bank, occlusion)
    name = f"`{note.id.value}`"
    for lost in find_lost(masks, released) if occlusion.is_whole else ():
        if lost.heir:
            message = f"{name} was released with this mask as `{lost.id}`; to learners it would be a new card"
            heir = written[lost.heir]
            hint = f"write `id: {lost.id}`"
            if heir.id in heir.shapes:  # in the short way
                hint = f"write it under `masks` as `{{id: {lost.id}, shape: {lost.heir}}}`"
            yield Diagnostic("released-deletion-missing", heir.id.span, message, hint)
            continue
        which, back = (
            (f"the mask `{lost.id}`", f"put `id: {lost.id}` back")
            if lost.id
            else (f"a mask for card {lost.number}", "put the mask back under its id")
        )
        message = f"{name} was released with {which}, whose card learners have; it is gone"
        hint = (
            f"{back}, wherever it lies now; to ask for it no more, retire the note and write a new one with another "
            f"id, such as `{note.id.value}-2`"
        )
        yield Diagnostic("released-deletion-missing", occlusion.span, message, hint)
    for was, now in find_moved(masks, released):
        message = f"{name} was released with what this mask hides as `{was}`; a learner's schedule would go on with it"
        hint = f"write `id: {was}` here; a mask keeps its id, wherever it lies and whatever it is called"
        yield Diagnostic("released-deletion-moved", written[now].id.span, message, hint)
    if max(number_masks(written, released.deletions).values(), default=0) > LAST_DELETION:
        message = f"{name} has used up all {LAST_DELETION} numbers of masks; Anki makes no cards for higher ones"
        yield Diagnostic("text-too-long", occlusion.span, message, "make several notes of it")


def make_records(bank: Bank, occlusion: MaskedPicture) -> dict[str, MaskRecord]:
    """Return what a release would record of the masks, by their ids."""
    from cardpress.deck.masks import place_masks, read_picture

    media = bank.media.get(occlusion.image.value)
    picture = read_picture(media.data) if media else None
    boxes: Mapping[str, tuple[Box, ...]] = place_masks(occlusion, picture)[0] if picture else {}
    return {
        mask.id.value: make_mask_record(mask.label.document if mask.label else None, boxes.get(mask.id.value, ()))
        for mask in occlusion.masks
    }
