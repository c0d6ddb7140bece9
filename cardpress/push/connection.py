"""Asks AnkiConnect, the add-on of a running Anki, on this machine alone. Every answer has a bound in size and time.

The protocol is the add-on's version 6: a request is JSON with an action, an answer is JSON with a result or an error.
"""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from ipaddress import ip_address
from threading import Event, Timer
from typing import Any
from urllib.parse import urlsplit

PORT = 8765
# What Anki's window for add-ons wants to be told.
ADDON = "2055492159"
_VERSION = 6
# Seconds for a whole answer. Anki answers nothing while it imports.
_PATIENCE = 30.0
_IMPORT_PATIENCE = 600.0
_MOST_BYTES = 128 * 1024 * 1024
# Requests that go out together.
_AT_ONCE = 200
# What is needed beside `version` and `multi`. The last of them came in 2024.
_NEEDED = (
    "cardsToNotes",
    "findCards",
    "findModelsById",
    "findNotes",
    "getActiveProfile",
    "getProfiles",
    "importPackage",
    "modelNamesAndIds",
    "notesInfo",
    "notesModTime",
)
_LONGEST_MESSAGE = 300
# One less than it is left to count on.
_NO_NUMBER_OF_ANKI = 2**63 - 1
# The add-on's own words.
_KEY_WANTED = "valid api key must be provided"
_CLOSED = "collection is not available"
_UNKNOWN = "unsupported action"


class PushError(Exception):
    """A push that cannot go on. The message says why, and what to do, in one line."""


class ActionError(PushError):
    """What AnkiConnect reports of one action; `said` has its words."""

    def __init__(self, action: str, said: str) -> None:
        super().__init__(f"AnkiConnect could not do `{action}`: {said}")
        self.said = said


@dataclass(frozen=True, slots=True)
class Address:
    """Where AnkiConnect listens on this machine."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Request:
    """An action and its parameters."""

    action: str
    parameters: Mapping[str, object]


def parse_address(text: str) -> Address:
    """Return the address that a text names. Raises ValueError when it is none, or is that of another machine."""
    try:
        parts = urlsplit(text)
        port = parts.port or PORT
    except ValueError as error:
        raise ValueError(f"{text} is no address, such as http://127.0.0.1:{PORT}") from error
    host = parts.hostname or ""
    if parts.scheme != "http" or not host or parts.path not in ("", "/") or "@" in parts.netloc or "?" in text:
        raise ValueError(f"{text} is not of the form http://127.0.0.1:{PORT}")
    if host == "localhost":  # which a machine may have for something else
        return Address("127.0.0.1", port)
    try:
        is_here = ip_address(host).is_loopback
    except ValueError:
        is_here = False
    if not is_here:
        raise ValueError(f"{host} is another machine, whose Anki cannot read the package here; use 127.0.0.1")
    return Address(host, port)


class AnkiConnect:
    """The add-on at an address. Every method raises PushError when there is no answer, or one that says no."""

    def __init__(self, address: Address, key: str | None = None) -> None:
        self._address = address
        self._key = key

    def check(self) -> None:
        """Raise PushError when something else than a usable AnkiConnect answers, or it wants a key."""
        version = self.ask("version")
        if type(version) is not int:
            raise self._stranger()
        found = self.ask("apiReflect", scopes=["actions"], actions=[*_NEEDED]) if version >= _VERSION else {}
        known = found.get("actions") if isinstance(found, dict) else None
        lacking = [action for action in _NEEDED if not isinstance(known, list) or action not in known]
        if lacking:
            why = f"the add-on AnkiConnect is too old: it has no `{lacking[-1]}`"
            raise PushError(f"{why}; update it in Anki (Tools → Add-ons → Check for Updates), and restart Anki")

    def ask(self, action: str, **parameters: object) -> Any:
        """Return the result of an action."""
        return self._open(action, self._post(self._request(action, parameters), _PATIENCE))

    def ask_numbers(self, action: str, **parameters: object) -> list[int]:
        """Return the result of an action that answers with ids."""
        return self._numbers(action, self.ask(action, **parameters))

    def import_package(self, path: str) -> bool:
        """Let Anki import a package that it can read, and return whether it says that it has."""
        action = "importPackage"
        return self._open(action, self._post(self._request(action, {"path": path}), _IMPORT_PATIENCE)) is True

    def ask_all_numbers(self, requests: Iterable[Request]) -> list[list[int]]:
        """Return the results of many actions that answer with ids, in their order."""
        waiting = list(requests)
        found: list[list[int]] = []
        for start in range(0, len(waiting), _AT_ONCE):
            together = waiting[start : start + _AT_ONCE]
            actions = [self._request(each.action, each.parameters) for each in together]
            answers = self.ask("multi", actions=actions)
            if not isinstance(answers, list) or len(answers) != len(together):
                raise self._stranger()
            pairs = zip((each.action for each in together), answers, strict=True)
            found += [self._numbers(action, self._open(action, answer)) for action, answer in pairs]
        return found

    def show_again(self) -> None:
        """Let Anki's windows show what there is now: it keeps what they showed before an import through the add-on."""
        # The add-on lets them begin anew before it changes anything, here no tags of no notes.
        with suppress(ActionError):
            self.ask("addTags", notes=[], tags="")

    def _request(self, action: str, parameters: Mapping[str, object]) -> dict[str, object]:
        request: dict[str, object] = {"action": action, "version": _VERSION, "params": dict(parameters)}
        return request | ({"key": self._key} if self._key else {})

    def _post(self, request: object, patience: float) -> object:
        body = json.dumps(request).encode()
        # It knows of no proxy.
        with closing(http.client.HTTPConnection(self._address.host, self._address.port, timeout=patience)) as line:
            try:
                line.connect()
            except OSError as error:
                raise self._silence() from error
            with _end_after(patience, line.sock) as is_over:
                try:
                    line.request("POST", "/", body, {"Content-Type": "application/json"})
                    response = line.getresponse()
                    data = response.read(_MOST_BYTES + 1)
                except (OSError, http.client.HTTPException) as error:
                    if is_over.is_set() or isinstance(error, TimeoutError):
                        raise _lateness(patience) from error
                    if isinstance(error, ConnectionError):
                        raise PushError("Anki broke off; look whether it is still running, and push again") from error
                    raise self._stranger() from error
            if is_over.is_set():  # what came of an answer without a length looks whole
                raise _lateness(patience)
        if len(data) > _MOST_BYTES:
            raise PushError(f"AnkiConnect answered with more than {_MOST_BYTES:,} bytes")
        try:
            return json.loads(data) if response.status == http.client.OK else None
        except (ValueError, RecursionError):
            return None

    def _open(self, action: str, answer: object) -> Any:
        """Return the result in an answer."""
        if not isinstance(answer, dict) or not {"result", "error"} <= answer.keys():
            raise self._stranger()
        error = answer["error"]
        if error is None:
            return answer["result"]
        said = " ".join(str(error).split())[:_LONGEST_MESSAGE]
        if said == _KEY_WANTED:
            why = "AnkiConnect wants another API key" if self._key else "AnkiConnect wants its API key"
            raise PushError(f"{why}; give the `apiKey` of its configuration with --key")
        if said == _CLOSED:
            raise PushError("Anki has no collection open; choose a profile in its window, and push again")
        if said == _UNKNOWN:
            raise PushError(f"the add-on AnkiConnect has no `{action}`; update it in Anki, and restart Anki")
        raise ActionError(action, said)

    def _numbers(self, action: str, result: object) -> list[int]:
        if not isinstance(result, list) or not all(type(each) is int for each in result):
            raise unexpected(action)
        return result

    def _silence(self) -> PushError:
        why = f"nothing answers at {self._address}: Anki is not running, or has no add-on AnkiConnect"
        return PushError(f"{why}; start Anki, or install it there (Tools → Add-ons → Get Add-ons, code {ADDON})")

    def _stranger(self) -> PushError:
        why = f"what answers at {self._address} is not AnkiConnect"
        return PushError(f"{why}; give the address of Anki's add-on with --address")


@contextmanager
def _end_after(seconds: float, line: socket.socket) -> Iterator[Event]:
    """Shut down a connection after some seconds, however little by little the other side writes, and set the event."""
    is_over = Event()

    def end() -> None:
        is_over.set()
        with suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)

    timer = Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield is_over
    finally:
        timer.cancel()


def _lateness(patience: float) -> PushError:
    why = f"Anki has not answered for {patience:.0f} seconds"
    return PushError(f"{why}; look whether a window of it waits for you, and push again")


def unexpected(action: str) -> PushError:
    """Return the error for a result of another form than AnkiConnect's."""
    return PushError(f"AnkiConnect answered `{action}` with something that cardpress does not know")


def read_number(value: Any) -> int:
    """Return a whole number as Anki's database has them. Raises TypeError or ValueError for something else."""
    if isinstance(value, float) or abs(number := int(value)) >= _NO_NUMBER_OF_ANKI:
        raise ValueError("no whole number of 64 bits")
    return number


def divide(numbers: Sequence[int], most: int) -> Iterable[Sequence[int]]:
    """Yield numbers in their order, at most so many at a time."""
    return (numbers[start : start + most] for start in range(0, len(numbers), most))
