"""OutgoingMessage over HTTP is a submission."""

import base64

import pytest

from maillab.events import Authenticated, Leg, Opened
from tests.support import run
from tests.web.asking import asking

LETTER = {
    "From": {"Email": "alice@sender.test", "Name": "Alice"},
    "To": [{"Email": "bob@recipient.test", "Name": "Bob"}],
    "Cc": [{"Email": "carol@recipient.test"}],
    "Bcc": ["nobody@shop.example"],
    "ReplyTo": [{"Email": "desk@sender.test", "Name": 'The "desk"'}],
    "Subject": "Chào",
    "Text": "Hello",
    "HTML": "<p>Hello <img src='cid:logo'>",
    "Headers": {"X-Test": "1"},
    "Tags": ["to do"],
    "Attachments": [
        {"Content": "aGVsbG8=", "Filename": "a.txt", "ContentType": "text/plain"},
        {"Content": "data:image/png;base64,iVBORw0KGgo=", "ContentType": "image/png", "ContentID": "logo"},
    ],
}


def test_a_letter(tmp_path):
    """It goes over the wire, from somebody who logs in, and the answer names the message that has come."""

    async def play():
        async with asking(tmp_path) as ask:
            answer = await ask("POST", "/api/v1/send", LETTER)
            assert answer.status == 200, answer.text
            message = (await ask.get(f"/api/v1/message/{answer.json['ID']}")).json
            people = {name: [who["Address"] for who in message[name]] for name in ("To", "Cc", "ReplyTo")}
            assert people == {
                "To": ["bob@recipient.test"], "Cc": ["carol@recipient.test"], "ReplyTo": ["desk@sender.test"],
            }  # fmt: skip
            assert (message["Subject"], message["Tags"], message["ReplyTo"][0]["Name"]) == (
                "Chào",
                ["to do"],
                'The "desk"',
            )
            assert [file["FileName"] for file in message["Attachments"]] == ["a.txt"]
            assert [file["ContentID"] for file in message["Inline"]] == ["logo"]
            events = [entry.event for entry in ask.lab.logbook.since(0)]
            legs = {event.leg for event in events if isinstance(event, Opened)}
            assert legs >= {Leg.SUBMIT, Leg.LOOKUP, Leg.RELAY}
            assert any(isinstance(event, Authenticated) for event in events)

    run(play())


def test_a_stranger(tmp_path):
    """Who has no account hands in where programs do."""

    async def play():
        async with asking(tmp_path) as ask:
            letter = {"From": {"Email": "app@shop.example"}, "To": [{"Email": "bob@recipient.test"}]}
            answer = await ask("POST", "/api/v1/send", letter)
            assert (await ask.get(f"/api/v1/message/{answer.json['ID']}")).json["ReturnPath"] == "app@shop.example"

    run(play())


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"To": [], "Cc": [], "Bcc": []}, "recipient"),
        ({"From": {"Email": "no address"}}, "address"),
        ({"From": None}, "From"),
        ({"Subject": "a\r\nBcc: eve@x.test"}, "Subject"),
        ({"Headers": {"Bcc": "eve@x.test"}}, "Bcc"),
        ({"Headers": {"X-A\r\nB": "x"}}, "X-A"),
        ({"Attachments": [{"Content": "%%%", "Filename": "a"}]}, "base64"),
        ({"Attachments": [{"Content": "", "ContentType": "a\r\nb/c"}]}, "media type"),
        ({"Attachments": [{"Content": base64.b64encode(b"x").decode(), "ContentID": "a>\r\nX: y"}]}, "Content-ID"),
        ({"Tags": ["$x"]}, "tag"),
        ({"Bcc": [7]}, "str"),
    ],
)
def test_what_cannot_be_sent(tmp_path, change, word):
    """It is refused in JSON, with what is wrong, and nothing went out."""

    async def play():
        async with asking(tmp_path) as ask:
            answer = await ask("POST", "/api/v1/send", LETTER | change)
            assert (answer.status, word.lower() in answer.json["Error"].lower()) == (400, True), answer.text
            assert not await ask.listed()

    run(play())


def test_what_the_server_refuses(tmp_path):
    """Its own words are in the answer."""

    async def play():
        async with asking(tmp_path) as ask:
            ask.lab.rules.add('at rcpt answer 552 "mailbox full"')
            answer = await ask("POST", "/api/v1/send", LETTER)
            assert (answer.status, "mailbox full" in answer.json["Error"]) == (400, True)

    run(play())
