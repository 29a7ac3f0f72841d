"""Sessions over HTTP."""

import json

from maillab.recording.export import FORMATS
from maillab.recording.session import load
from tests.house import ROOT
from tests.support import run
from tests.web.asking import asking

SESSION = ROOT / "examples" / "sessions" / "classic.maillab"


def test_every_format_of_the_live_session(tmp_path):
    """What the logbook holds, as maillab export writes it; always to be saved, never shown as a page of ours."""

    async def play():
        async with asking(tmp_path) as ask:
            await ask.bring()
            for kind, row in FORMATS.items():
                answer = await ask.get(f"/maillab/v1/sessions/live?format={kind}&filter=leg:relay")
                assert (answer.status, len(answer.body) > 20) == (200, True), kind
                place, policy = answer.headers["Content-Disposition"], answer.headers["Content-Security-Policy"]
                assert (place, policy) == (f'attachment; filename="live{row.ending}"', "sandbox")

    run(play())


def test_a_session_is_kept_and_fetched(tmp_path):
    """It is listed, comes back as it was, and is told in a format; a name is given once."""

    async def play():
        async with asking(tmp_path) as ask:
            octets = SESSION.read_bytes()
            assert (await ask("PUT", "/maillab/v1/sessions/first", octets)).status == 201
            assert (await ask("PUT", "/maillab/v1/sessions/first", octets)).status == 409
            [told] = (await ask.get("/maillab/v1/sessions")).json["sessions"]
            assert (told["name"], told["bytes"]) == ("first", len(octets))
            assert (await ask.get("/maillab/v1/sessions/first?format=maillab")).body == octets
            assert "DATA" in (await ask.get("/maillab/v1/sessions/first?format=text")).text
            kept = load(ask.lab.folder / "sessions" / "first.maillab")
            assert kept.entries == load(SESSION).entries

    run(play())


def test_entries_of_a_session(tmp_path):
    """They are told as those of the logbook, with who speaks and what it means; what a story tells stands between, once."""

    async def play():
        async with asking(tmp_path) as ask:
            await ask("PUT", "/maillab/v1/sessions/first", SESSION.read_bytes())
            answer = await ask.get("/maillab/v1/sessions/first/entries?lang=en")
            told = [json.loads(line) for line in answer.body.splitlines()]
            assert [entry["seq"] for entry in told if "seq" in entry] == [each.seq for each in load(SESSION).entries]
            [data] = [entry for entry in told if entry["text"] == "DATA"]
            assert (data["side"], data["leg"], bool(data["gloss"])) == ("client", "relay", True)
            assert [entry for entry in told if entry["kind"] == "told"]
            assert not [
                entry for entry in told if entry["kind"] == "mark"
            ]  # the name of a step says no more than the step
            chosen = await ask.get("/maillab/v1/sessions/first/entries?filter=leg:retrieve")
            assert {json.loads(line).get("talk") for line in chosen.body.splitlines()} <= {"retrieve-1", None}
            assert (await ask.get("/maillab/v1/sessions/first/entries?filter=odd:x")).status == 400
            assert (await ask.get("/maillab/v1/sessions/unknown/entries")).status == 404

    run(play())


def test_what_is_refused(tmp_path):
    """Names that lead elsewhere, files that are no sessions, formats that there are not; nothing is left behind."""

    async def play():
        async with asking(tmp_path) as ask:
            for name in ("live", "..%2fx", "a%2fb", ".x", "x" * 65, "a.b", "%00"):
                assert (await ask("PUT", f"/maillab/v1/sessions/{name}", SESSION.read_bytes())).status in (400, 404), (
                    name
                )
            for octets in (b"", b"{}", b"\xff" * 100, b"[" * 100_000):
                assert (await ask("PUT", "/maillab/v1/sessions/x", octets)).status == 400
            assert (await ask.get("/maillab/v1/sessions/unknown")).status == 404
            for query in ("format=odd", "format=text&filter=odd:x"):
                assert (await ask.get(f"/maillab/v1/sessions/live?{query}")).status == 400
            folder = ask.lab.folder / "sessions"
            assert not folder.exists() or not [*folder.iterdir()]

    run(play())
