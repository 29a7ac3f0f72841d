"""Messages as strangers write them, each with what a reader must see of it, and why (mail/cases.json)."""

import json
from pathlib import Path
from typing import Any

import pytest

from maillab.client.markup import render
from maillab.client.path import hops
from maillab.client.people import people
from maillab.client.read import read
from maillab.mail.dates import moment
from maillab.tui.mail.messageview import opened, tab
from maillab.tui.texts import Texts

MAIL = Path(__file__).parent / "mail"
CASES: dict[str, list[dict[str, Any]]] = json.loads((MAIL / "cases.json").read_text("utf-8"))


def each(kind: str) -> Any:
    """A test for each case of one kind, named and explained by it."""
    return pytest.mark.parametrize("case", CASES[kind], ids=lambda case: case["id"])


def seen(case: dict[str, Any]) -> Any:
    """What is read of the file of a case, as its `check` says."""
    octets = (MAIL / case["file"]).read_bytes()
    if case["file"].endswith(".html"):
        page = render(octets.decode())
        return list(page.links) if case["check"] == "links" else page.text
    message = read(octets)
    match case["check"]:
        case "subject":
            return message.header("Subject")
        case "att":
            return [[file.name, len(file.octets)] for file in message.attachments]
        case "text-strip":
            return message.text.strip()
        case _:
            return message.text


@each("files")
def test_files(case: dict[str, Any]) -> None:
    """A file that is malformed, old or only unusual is read as its writer meant it."""
    octets, check = (MAIL / case["file"]).read_bytes(), case["check"]
    if check == "window-has":
        lines = tab(opened(octets), "text", Texts("en"))
        assert case["expect"] in "\n".join("".join(text for _, text in line) for line in lines), case["why"]
    elif check == "note-lacks":
        assert case["expect"] not in "\n".join(read(octets).notes), case["why"]
    else:
        assert seen(case) == case["expect"], case["why"]


@each("addresses")
def test_addresses(case: dict[str, Any]) -> None:
    """Everybody whom RFC 5322 allows to be written is read."""
    read_as = people(case["input"])
    if isinstance(case["expect"][0], str):
        assert [str(one.address) for one in read_as] == case["expect"], case["why"]
    else:
        assert [[one.name, str(one.address)] for one in read_as] == case["expect"], case["why"]


@each("received")
def test_received(case: dict[str, Any]) -> None:
    """A trace field is read as its server meant it."""
    [hop] = hops([("Received", case["input"].encode())])
    assert [hop.by, hop.sender, hop.protocol, hop.at] == case["expect"], case["why"]


@each("dates")
def test_dates(case: dict[str, Any]) -> None:
    """A date is read in every form that RFC 5322 allows."""
    assert moment(case["input"]) == case["expect"], case["why"]
