"""A server that speaks the protocol of the add-on AnkiConnect, for a collection in the real Anki engine.

It answers as the add-on of December 2025 does, with its faults: it tells no GUIDs, and fails over notes without cards.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

from anki.collection import Collection
from anki.errors import NotFoundError

_Request = dict[str, Any]
# What does each action of the add-on.
_METHODS = {
    "addTags": "add_tags",
    "apiReflect": "reflect",
    "cardsToNotes": "find_notes_of",
    "findCards": "find_cards",
    "findModelsById": "read_note_types",
    "findNotes": "find_notes",
    "getActiveProfile": "name_profile",
    "getProfiles": "list_profiles",
    "importPackage": "import_package",
    "modelNamesAndIds": "name_note_types",
    "multi": "answer_all",
    "notesInfo": "read_notes",
    "notesModTime": "date_notes",
    "version": "tell_version",
}


@dataclass
class AnkiDesktop:
    """An Anki with AnkiConnect in it. Tests change what it is like; `asked` has every action that it was asked for."""

    collection: Collection | None
    profiles: list[str] = field(default_factory=lambda: ["User 1", "Test"])
    profile: str | None = "User 1"
    key: str | None = None
    lacks: set[str] = field(default_factory=set)
    # Answers without a look at the question: a status and a body.
    says: tuple[int, bytes] | None = None
    seconds: float = 0
    fails_to_import: str = ""
    is_lazy: bool = False
    asked: list[str] = field(default_factory=list)
    # What it imported, and from where.
    packages: list[bytes] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)
    address: str = ""

    def answer(self, request: _Request) -> _Request:
        """Return the answer to a request."""
        action = request.get("action", "")
        self.asked.append(action)
        try:
            if request.get("key") != self.key:
                raise RuntimeError("valid api key must be provided")
            if action not in self.known:
                raise RuntimeError("unsupported action")
            return {"result": getattr(self, _METHODS[action])(**request.get("params", {})), "error": None}
        except Exception as error:
            return {"result": None, "error": str(error)}

    @property
    def known(self) -> set[str]:
        """The actions that it knows."""
        return set(_METHODS) - self.lacks

    @property
    def _open(self) -> Collection:
        if self.collection is None:
            raise RuntimeError("collection is not available")
        return self.collection

    def _all(self, query: str, *values: Any) -> list[Any]:
        assert self._open.db is not None
        return self._open.db.all(query, *values)

    def tell_version(self) -> int:
        return 6

    def reflect(self, scopes: list[str], actions: list[str]) -> _Request:
        return {"scopes": scopes, "actions": [name for name in actions if name in self.known]}

    def answer_all(self, actions: list[_Request]) -> list[_Request]:
        return [self.answer(each) for each in actions]

    def list_profiles(self) -> list[str]:
        return self.profiles

    def name_profile(self) -> str | None:
        return self.profile

    def name_note_types(self) -> dict[str, int]:
        return {each.name: each.id for each in self._open.models.all_names_and_ids()}

    def read_note_types(self, **ids: list[int]) -> list[Any]:
        models = self._open.models
        return [models.get(number) for number in ids["modelIds"]]  # type: ignore[arg-type]  # ids are numbers

    def find_notes(self, query: str) -> list[int]:
        return list(map(int, self._open.find_notes(query)))

    def find_cards(self, query: str) -> list[int]:
        return list(map(int, self._open.find_cards(query)))

    def find_notes_of(self, cards: list[int]) -> list[int]:
        return [
            row[0] for row in self._all(f"select distinct nid from cards where id in ({','.join(map(str, cards))})")
        ]

    def read_notes(self, notes: list[int]) -> list[_Request]:
        cards: dict[int, list[int]] = {}
        for card, note in self._all(
            f"select id, nid from cards where nid in ({','.join(map(str, notes))}) order by ord"
        ):
            cards.setdefault(note, []).append(card)
        found: list[_Request] = []
        for number in notes:
            try:
                note = self._open.get_note(number)  # type: ignore[arg-type]  # ids are numbers
            except NotFoundError:
                found.append({})
                continue
            model = note.note_type()
            assert model is not None
            fields = {each["name"]: {"value": note.fields[each["ord"]], "order": each["ord"]} for each in model["flds"]}
            info = {"noteId": note.id, "tags": note.tags, "fields": fields, "modelName": model["name"], "mod": note.mod}
            found.append(info | {"profile": self.profile, "cards": cards[note.id]})
        return found

    def date_notes(self, notes: list[int]) -> list[_Request]:
        rows = dict(self._all("select id, mod from notes"))
        return [{"noteId": each, "mod": rows[each]} if each in rows else {} for each in notes]

    def add_tags(self, notes: list[int], tags: str) -> None:
        self._start_editing()
        self._open.tags.bulk_add(notes, tags)  # type: ignore[arg-type]  # ids are numbers

    def _start_editing(self) -> None:
        """Let all windows show what there is. They keep the note types that they look at then."""
        models = self._open.models
        models._clear_cache()
        for each in models.all_names_and_ids():
            models.get(each.id)  # type: ignore[arg-type]  # ids are numbers

    def import_package(self, path: str) -> bool:
        from anki import importing

        self._start_editing()
        if self.fails_to_import:
            raise RuntimeError(self.fails_to_import)
        self.paths.append(Path(path))
        self.packages.append(Path(path).read_bytes())
        if not self.is_lazy:
            legacy: Any = importing
            legacy.AnkiPackageImporter(self._open, path).run()
        return True


@contextmanager
def serving(desktop: AnkiDesktop) -> Iterator[AnkiDesktop]:
    """Let AnkiConnect listen at a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, body = desktop.says or (200, b"")
            if desktop.says is None:
                time.sleep(desktop.seconds)
                body = json.dumps(desktop.answer(request)).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        desktop.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield desktop
        finally:
            server.shutdown()
            thread.join()
