"""Reads the binary form in which Anki 2.1.50 and newer keep note types, decks and the list of media (Protocol Buffers).

Anki's declarations of it are small and fixed, so that a number for each field is all that is needed to read them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# Fields in a message. The longest are lists of media, of which each is one.
_MOST_FIELDS = 200_000
_LONGEST_NUMBER = 10
# The types of the wire format that are still in use.
_NUMBER, _EIGHT_BYTES, _BYTES, _FOUR_BYTES = 0, 1, 2, 5


class ProtobufError(ValueError):
    """Bytes that are no message."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message: what each of its fields holds, by the field's number and in its order."""

    values: dict[int, list[int | bytes]]

    def number(self, field: int, default: int = 0) -> int:
        """Return the last number of a field, signed as an `int64` is."""
        number = self.optional_number(field)
        return default if number is None else number

    def optional_number(self, field: int) -> int | None:
        """Return the last number of a field, None where it has none."""
        values = [value for value in self.values.get(field, ()) if isinstance(value, int)]
        if not values:
            return None
        return values[-1] - (1 << 64) if values[-1] >= 1 << 63 else values[-1]

    def data(self, field: int) -> bytes:
        """Return the last bytes of a field, empty where it has none."""
        values = self._all(field)
        return values[-1] if values else b""

    def text(self, field: int) -> str:
        """Return the last text of a field. Raises ProtobufError when it is no UTF-8."""
        try:
            return self.data(field).decode()
        except UnicodeDecodeError as error:
            raise ProtobufError("a text in it is no UTF-8") from error

    def message(self, field: int) -> Message | None:
        """Return the message in a field, None where there is none. Several of them are one, as the format has it."""
        values = self._all(field)
        return read_message(b"".join(values)) if values else None

    def messages(self, field: int) -> Sequence[Message]:
        """Return every message of a list."""
        return [read_message(value) for value in self._all(field)]

    def _all(self, field: int) -> Sequence[bytes]:
        return [value for value in self.values.get(field, ()) if isinstance(value, bytes)]


def read_message(data: bytes) -> Message:
    """Return what bytes hold as a message. Raises ProtobufError when they are none."""
    values: dict[int, list[int | bytes]] = {}
    place, end, fields = 0, len(data), 0
    while place < end:
        tag, place = _read_number(data, place)
        field, kind = tag >> 3, tag & 7
        fields += 1
        if not field or fields > _MOST_FIELDS:
            raise ProtobufError("it is no message of Anki's")
        if kind == _NUMBER:
            value, place = _read_number(data, place)
            values.setdefault(field, []).append(value)
            continue
        if kind == _BYTES:
            size, place = _read_number(data, place)
        elif kind in (_EIGHT_BYTES, _FOUR_BYTES):
            size = 8 if kind == _EIGHT_BYTES else 4
        else:
            raise ProtobufError("it is no message of Anki's")
        if size > end - place:
            raise ProtobufError("it ends too early")
        values.setdefault(field, []).append(data[place : place + size])
        place += size
    return Message(values)


def write_bytes(field: int, data: bytes) -> bytes:
    """Return a field of a message that holds bytes, a text or another message."""
    return _write_number(field << 3 | _BYTES) + _write_number(len(data)) + data


def write_number(field: int, number: int) -> bytes:
    """Return a field of a message that holds a number from 0."""
    return _write_number(field << 3 | _NUMBER) + _write_number(number)


def _read_number(data: bytes, place: int) -> tuple[int, int]:
    """Return the number at a place, and the place behind it."""
    number = 0
    for count, byte in enumerate(data[place : place + _LONGEST_NUMBER]):
        number |= (byte & 0x7F) << 7 * count
        if byte < 0x80:
            if number >= 1 << 64:
                break
            return number, place + count + 1
    raise ProtobufError("a number in it does not end")


def _write_number(number: int) -> bytes:
    made = bytearray()
    while number > 0x7F:
        made.append(number & 0x7F | 0x80)
        number >>= 7
    made.append(number)
    return bytes(made)
