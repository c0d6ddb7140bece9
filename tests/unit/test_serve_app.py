"""The local interface of `serve`: what it answers, with which headers, and whom it refuses."""

from __future__ import annotations

import asyncio
import json
import re
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import pytest
from starlette.testclient import TestClient

from cardpress.cli.serve_commands import serve
from cardpress.serve.announcing import MOST_LISTENERS, Announcer
from cardpress.serve.app import make_app
from cardpress.serve.running import USUAL_PORT
from cardpress.serve.state import State, Told, describe
from cardpress.serve.workshop import Workshop, show_check, show_draft, show_failure
from tests.conftest import ROOT, WriteProject
from tests.helpers.sample_project import EVERYTHING, NOTES

PORT = 8127
ADDRESS = f"http://127.0.0.1:{PORT}"


def show(project: Path) -> State:
    """Return the state of a project when all is known of it."""
    workshop = Workshop(project)
    draft = workshop.read()
    return show_check(show_draft(State(), draft), draft, workshop.check(draft, lambda: None))


@pytest.fixture
def announcer(write_project: WriteProject) -> Announcer:
    announcer = Announcer()
    announcer.announce(show(write_project(EVERYTHING)), None)
    return announcer


@pytest.fixture
def client(announcer: Announcer) -> TestClient:
    return TestClient(make_app(announcer, "project", PORT), ADDRESS)


def test_the_state_has_deck_sections_notes_and_outputs(client: TestClient) -> None:
    state = client.get("/api/state").json()
    assert state["deck"] == {
        "id": "sample", "title": "Sample deck", "version": "1.2.0", "language": "en", "direction": "ltr",
    }  # fmt: skip
    assert (state["revision"], state["project"], state["is_stale"], state["is_checked"]) == (1, "project", False, True)
    notes = [note for section in state["sections"] for note in section["notes"]]
    assert {note["id"]: len(note["cards"]) for note in notes} == NOTES
    assert list(NOTES) == [note["id"] for note in notes]
    successor = next(note for note in notes if note["id"] == "one-successor")
    assert (successor["title"], successor["below"], successor["note_type"]) == (
        *("What comes after one?", "one", "recall"),
    )
    assert (successor["path"], successor["line"]) == ("source/first.yaml", line_of("first.yaml", "- id: one-successor"))
    names = {output["name"] for output in state["outputs"]}
    assert names == {"page", "cheatsheet", "study-notes", "flashcards", "recall-cards", "booklet"}


def line_of(file: str, text: str) -> int:
    content = EVERYTHING[file]
    assert isinstance(content, str)
    return content[: content.index(text)].count("\n") + 1


def test_problems_have_their_place_and_the_report_of_the_terminal(write_project: WriteProject) -> None:
    changed = str(EVERYTHING["first.yaml"]).replace("see_also: [two]", "see_also: [tow]")
    announcer = Announcer()
    announcer.announce(show(write_project({**EVERYTHING, "first.yaml": changed})), None)
    client = TestClient(make_app(announcer, "project", PORT, lambda text: f"<{text}>"), ADDRESS)
    problem = client.get("/api/state").json()["problems"][0]
    assert problem["severity"] == "error"
    assert problem["code"] == "unknown-reference"
    assert (problem["path"], problem["line"]) == ("source/first.yaml", line_of("first.yaml", "see_also: [two]"))
    assert problem["source"] == "  see_also: [tow]"
    assert problem["source"][problem["column"] - 1 : problem["end_column"] - 1] == "tow"
    assert problem["help"].startswith("<")
    assert problem["text"].startswith("source/first.yaml:")
    assert problem["text"].endswith(f"help: {problem['help']}")


def test_errors_stand_before_warnings(write_project: WriteProject) -> None:
    changed = str(EVERYTHING["second.yaml"]).replace("  sources: [https://example.org/four]\n", "  see_also: [nine]\n")
    files = {**EVERYTHING, "second.yaml": changed}
    first = str(EVERYTHING["first.yaml"]).replace("  sources: [https://example.org/two]\n", "")
    announcer = Announcer()
    announcer.announce(show(write_project({**files, "first.yaml": first})), None)
    problems = TestClient(make_app(announcer, "project", PORT), ADDRESS).get("/api/state").json()["problems"]
    assert [each["severity"] for each in problems] == ["error", "warning", "warning"]


def test_a_failure_is_a_problem_without_a_place(client: TestClient, announcer: Announcer) -> None:
    announcer.announce(show_failure(announcer.state, "source: Permission denied"))
    state = client.get("/api/state").json()
    assert state["is_stale"]
    assert [(each["message"], each["path"], each["line"]) for each in state["problems"]] == [
        ("source: Permission denied", "", 0)
    ]
    assert state["sections"]


def test_before_a_project_could_be_read_there_is_no_deck(write_project: WriteProject) -> None:
    announcer = Announcer()
    announcer.announce(show(write_project({"deck.yaml": "title: [\n"})))
    client = TestClient(make_app(announcer, "project", PORT), ADDRESS)
    state = client.get("/api/state").json()
    assert (state["deck"], state["sections"], state["outputs"], state["is_stale"]) == (None, [], [], True)
    assert state["problems"]
    for path in ("/card/one/1/front", "/media/x.png", "/outputs/page", "/outputs/sample-booklet-a4.pdf"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize("query", ["", "?night=1&device=phone", "?night=0&device=desktop&r=7", "?device=other&night="])
def test_each_side_of_each_card_is_a_document(query: str, client: TestClient) -> None:
    for note, cards in NOTES.items():
        for number in range(1, cards + 1):
            for side in ("front", "back"):
                answer = client.get(f"/card/{note}/{number}/{side}{query}")
                assert answer.status_code == 200
                assert answer.headers["content-type"] == "text/html; charset=utf-8"
                assert answer.text.startswith("<!doctype html>")
                assert answer.text.count("</script>") == 3
                assert ("nightMode" in answer.text.partition("<body")[2].partition(">")[0]) is ("night=1" in query)


def test_a_card_loads_nothing_but_media_and_has_no_origin(client: TestClient) -> None:
    policy = client.get("/card/one/1/back").headers["content-security-policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["sandbox"] == "allow-scripts"
    assert rules["frame-ancestors"] == "'self'"
    assert rules["img-src"] == f"{ADDRESS}/media/ data:"
    assert "connect-src" not in rules


@pytest.mark.parametrize(
    "path",
    [
        *("/card/nobody/1/front", "/card/one/2/front", "/card/one/1/middle", "/card/one/-1/front", "/card/one/x/front"),
        *("/media/other.png", "/media/..%2f..%2fdeck.yaml", "/media/%2e%2e/deck.yaml", "/media//etc/passwd"),
        *("/assets/..%2fserve%2findex.html", "/assets/index.html", "/assets/.js", "/assets/none.js", "/assets/a%00.js"),
        *("/assets/fonts/Inter-LICENSE.txt", "/assets/fonts/none.woff2", "/assets/fonts/..%2ffonts%2fInter.woff2"),
        *(
            "/outputs/other.pdf",
            "/outputs/sample.apkg",
            "/outputs/..%2f..%2fx.pdf",
            "/dist/sample.apkg",
            "/source/deck.yaml",
        ),
        *("/api", "/api/other", "/favicon.ico"),
        *(f"/assets/{'a' * 9000}.js", f"/assets/fonts/{'a' * 9000}.woff2"),
        *(f"/card/one/{'9' * 5000}/front", f"/card/{'a' * 9000}/1/front", "/card/one/01/front", "/card/one/١/front"),
    ],
)
def test_what_is_not_there_is_not_found(path: str, client: TestClient) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert_headers(answer.headers)


def assert_headers(headers: Any) -> None:
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "frame-ancestors 'self'" in headers["content-security-policy"]


def test_media_have_the_names_of_the_deck_and_run_nothing(client: TestClient, announcer: Announcer) -> None:
    assert announcer.state.shown is not None
    for media in announcer.state.shown.deck.media:
        answer = client.get(f"/media/{media.name}")
        assert (answer.status_code, answer.content) == (200, media.data)
        assert answer.headers["content-type"] in ("image/png", "image/svg+xml")
        assert "sandbox" in answer.headers["content-security-policy"]
        # Cards load them, which have no origin.
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
        assert_headers(answer.headers)


def test_the_shell_and_its_files_run_nothing_else(client: TestClient) -> None:
    for path in ("/", "/assets/main.js", "/assets/tool.css"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer.headers["content-security-policy"].startswith("default-src 'self'; object-src 'none'")
        assert_headers(answer.headers)
    assert client.get("/assets/main.js").headers["content-type"].startswith("text/javascript")


def test_all_that_the_tool_asks_for_is_answered(client: TestClient) -> None:
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "templates" / "serve").iterdir()]
    asked = {address for text in texts for address in re.findall(r"[\"'(](/assets/[^\"')]+)", text)}
    assert len(asked) > 10
    kinds = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
    for address in asked:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert answer.headers["content-type"].startswith(kinds[Path(address).suffix])
        assert_headers(answer.headers)


def test_editors_are_told_where_the_project_is_if_the_server_may_say_it(
    client: TestClient, announcer: Announcer
) -> None:
    assert client.get("/api/state").json()["root"] is None
    telling = TestClient(make_app(announcer, "project", PORT, root="/home/ada/project"), ADDRESS)
    assert telling.get("/api/state").json()["root"] == "/home/ada/project"


def test_the_page_has_no_origin_and_is_made_once(client: TestClient) -> None:
    answer = client.get("/outputs/page")
    assert answer.status_code == 200
    assert answer.headers["content-security-policy"].startswith("sandbox allow-scripts")
    assert "allow-same-origin" not in answer.headers["content-security-policy"]
    assert_headers(answer.headers)
    assert client.get("/outputs/page").content == answer.content


def test_a_sheet_is_made_when_it_is_asked_for(client: TestClient) -> None:
    answer = client.get("/outputs/sample-cheatsheet-a4.pdf")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF-")
    assert_headers(answer.headers)


def test_a_page_that_cannot_be_made_says_why(write_project: WriteProject) -> None:
    project = write_project({**EVERYTHING, "deck.yaml": f"{EVERYTHING['deck.yaml']!s}trusted_templates: true\n"})
    page = project / "templates/web/page.html"
    page.parent.mkdir(parents=True)
    page.write_text("{{ nothing.there.at.all }}", encoding="utf-8")
    state = show(project)
    announcer = Announcer()
    # The rules find it, too; so it is taken for printed by hand.
    assert state.shown is not None
    announcer.announce(replace(state, printed=state.shown.deck), None)
    answer = TestClient(make_app(announcer, "project", PORT), ADDRESS).get("/outputs/page")
    assert answer.status_code == 422
    assert "templates/web/page.html:1" in answer.text
    assert_headers(answer.headers)


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8127",
        "127.0.0.1",
        "127.0.0.1:80",
        "localhost:8128",
        "127.0.0.1:8127.evil.example",
        "",
    ],
)
def test_a_request_under_another_name_is_refused(host: str, client: TestClient) -> None:
    for path in ("/", "/api/state", "/api/events", "/media/x"):
        answer = client.get(path, headers={"Host": host})
        assert answer.status_code == 400
        assert_headers(answer.headers)


@pytest.mark.parametrize("host", ["127.0.0.1:8127", "localhost:8127", "LOCALHOST:8127"])
def test_the_server_has_two_names(host: str, client: TestClient) -> None:
    assert client.get("/api/state", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_nothing_can_be_sent(method: str, client: TestClient) -> None:
    for path in ("/", "/api/state", "/card/one/1/front"):
        answer = client.request(method, path)
        assert answer.status_code == 405
        assert answer.headers["allow"] == "GET, HEAD"
        assert_headers(answer.headers)


def test_head_is_answered_without_a_body(client: TestClient) -> None:
    for path in ("/", "/api/state", "/api/events", "/card/one/1/front"):
        answer = client.head(path)
        assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_page_from_elsewhere_gets_no_streams_and_loads_nothing_but_media(site: str, client: TestClient) -> None:
    headers = {"Sec-Fetch-Site": site}
    for path in ("/api/state", "/api/events"):
        assert client.get(path, headers=headers).status_code == 403
    assert client.get("/", headers=headers).status_code == 200  # a link that leads here
    for path in ("/", "/assets/main.js", "/api/state", "/outputs/page"):
        assert client.get(path).headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_the_tool_and_an_address_that_is_typed_are_answered(site: str, client: TestClient) -> None:
    assert client.get("/api/state", headers={"Sec-Fetch-Site": site}).status_code == 200


def test_what_is_told_of_notes_follows_them(write_project: WriteProject) -> None:
    project = write_project(EVERYTHING)
    workshop, state, told = Workshop(project), State(), Told()
    file, deck = project / "source/first.yaml", project / "source/deck.yaml"
    for file_changed, old, new in (
        (file, "- id: one\n", "# above\n- id: one\n"),
        (file, "What is two?", "What is 2?"),
        (file, "tags: [gaps]", "tags: [holes]"),
        (deck, "date: 2026-01-02", "date: 2026-01-02\nlanguage: de"),
    ):
        file_changed.write_text(file_changed.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
        state = show_draft(state, workshop.read())
        assert describe(state, "project", str, None, told) == describe(state, "project", str)
    assert len(told) == len(NOTES)


def test_the_help_names_the_usual_port() -> None:
    helps = [option.help or "" for option in serve.params if isinstance(option, click.Option)]
    assert any(f"[default: {USUAL_PORT}," in text for text in helps)


# --- events


def listen(announcer: Announcer, *happens: tuple[State, frozenset[str] | None]) -> list[tuple[str, Any]]:
    """Return the events that one hears while these states follow each other, until the announcer closes."""

    async def hear() -> list[str]:
        async def take() -> list[str]:
            return [event async for event in announcer.listen()]

        task = asyncio.create_task(take())
        await asyncio.sleep(0)
        for state, notes in happens:
            announcer.announce(state, notes)
        for _ in range(5):
            await asyncio.sleep(0)
        announcer.close()
        return await task

    events = [event for event in asyncio.run(hear()) if event]
    return [(event.split("\n")[0].removeprefix("event: "), json.loads(event.split("data: ")[1])) for event in events]


def test_the_first_event_tells_the_revision() -> None:
    announcer = Announcer()
    announcer.announce(State(revision=4))
    assert listen(announcer) == [("state", {"revision": 4, "notes": [], "is_all": False})]


def test_new_cards_are_told_with_their_notes() -> None:
    told = listen(Announcer(), (State(revision=1), frozenset({"b", "a"})))
    assert told[1:] == [("state", {"revision": 1, "notes": ["a", "b"], "is_all": False})]


def test_many_states_at_once_are_one_event() -> None:
    states = [(State(revision=number), frozenset({f"n{number}"})) for number in (1, 2, 3)]
    assert listen(Announcer(), *states)[1:] == [
        ("state", {"revision": 3, "notes": ["n1", "n2", "n3"], "is_all": False})
    ]


def test_all_cards_are_told_without_their_names() -> None:
    states = ((State(revision=1), frozenset({"a"})), (State(revision=2), None))
    assert listen(Announcer(), *states)[1:] == [("state", {"revision": 2, "notes": [], "is_all": True})]


def test_problems_alone_are_another_event() -> None:
    assert listen(Announcer(), (State(is_stale=True), frozenset()))[1:] == [("problems", {"revision": 0})]


def test_what_is_slow_is_left_when_the_server_ends() -> None:
    announcer, ends = Announcer(), threading.Event()

    async def wait() -> tuple[str | None, bool | None]:
        slow = asyncio.create_task(announcer.make_apart(ends.wait))
        quick = await announcer.make_apart(lambda: "made")
        announcer.close()
        return quick, await slow

    assert asyncio.run(wait()) == ("made", None)
    ends.set()


def test_what_fails_in_its_thread_fails_where_it_is_waited_for() -> None:
    def fail() -> None:
        raise ValueError("ours")

    with pytest.raises(ValueError, match="ours"):
        asyncio.run(Announcer().make_apart(fail))


def test_not_everybody_may_listen() -> None:
    announcer = Announcer()

    async def fill() -> bool:
        streams = [announcer.listen() for _ in range(MOST_LISTENERS)]
        for stream in streams:
            await anext(stream)
        was_full = announcer.is_full
        for stream in streams:
            await stream.aclose()
        return was_full

    assert asyncio.run(fill())
    assert not announcer.is_full


def test_those_who_ask_in_the_same_moment_are_not_more_than_may_listen() -> None:
    announcer = Announcer()

    async def ask() -> list[str | None]:
        streams = [announcer.listen() for _ in range(MOST_LISTENERS + 50)]
        return [await anext(stream, None) for stream in streams]

    firsts = asyncio.run(ask())
    assert None not in firsts[:MOST_LISTENERS]
    assert set(firsts[MOST_LISTENERS:]) == {None}
