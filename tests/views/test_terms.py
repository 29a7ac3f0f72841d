"""The table of terms is whole, bilingual and true of this lab."""

import re
import unicodedata
from pathlib import Path

import pytest

from maillab import views
from maillab.config import default
from maillab.views.gloss import stock
from maillab.views.terms import Term, find, fold, terms

KINDS = {"term", "port", "field", "type", "encoding", "mechanism", "file"}


@pytest.mark.parametrize("term", terms(), ids=lambda term: f"{term.kind}-{term.names[0]}")
def test_every_row_is_whole(term: Term) -> None:
    """A row has a kind, a source, two names and two sentences, which differ; it is written in NFC and ends as sentences do."""
    assert term.kind in KINDS
    assert re.fullmatch(r"(?:\d{2,5}(?: §[\d.]+)?(?:; |\Z))+|no RFC", term.rfc)
    assert term.en != term.vi
    for text in (term.en, term.vi, *term.names):
        assert text == unicodedata.normalize("NFC", text).strip() != ""
    assert term.en[-1] in ".?`;…>"
    assert term.vi[-1] in ".?`;…>"


def test_every_name_finds_its_row() -> None:
    """Whatever a row is called, under it the row is found, with accents and without."""
    for term in terms():
        for name in term.names:
            assert term.gloss("en") in find(name), name
            assert term.gloss("vi") in find(fold(name)[0], "vi"), name


def test_names_are_given_once() -> None:
    """A row names each of its names once, and all terms stand in this table, none among the glosses of lines."""
    for term in terms():
        folded = [fold(name) for name in term.names[2:]]
        assert len(folded) == len(set(folded)), term.names
    assert "term" not in {kind for _, kind, _ in stock("en")}


def test_rows_differ() -> None:
    """No two rows of one kind and protocol have the same key."""
    keys = [(term.protocol, term.kind, term.names[0]) for term in terms()]
    assert len(keys) == len(set(keys))


def test_ports_of_this_lab() -> None:
    """The ports that the table calls the lab's are those of the default configuration, and all of those are in it."""
    said = {int(name) for term in terms() if term.kind == "port" for name in term.names if name.isdigit()}
    doors = {port for port, _, _ in default().doors}
    others = {2525, 2526, 2225, 3335}  # where 25 is closed; of a course's test server
    assert {port for port in said if 1000 < port < 4000} - others == doors
    texts = " ".join(term.en for term in terms() if term.kind == "port" and int(term.names[0]) < 1000)
    assert {int(port) for port in re.findall(r"\b[12]\d{3}\b", texts)} <= doors


def test_one_word_for_relay_and_another_for_forward() -> None:
    """In Vietnamese a server relays by trung chuyển, and a message is forwarded by chuyển tiếp; neither is used for both."""
    both = re.compile(r"chuyển tiếp \(relay\)|trung chuyển \(forward|relay \(chuyển tiếp")
    for name in ("terms.csv", "glosses.csv"):
        assert not both.search((Path(views.__file__).with_name(name)).read_text("utf-8"))
    assert [one.key for one in find("relay", "vi")] == ["trung chuyển (relay)"]
    assert [one.key for one in find("forward", "vi")] == ["chuyển tiếp (forwarding)"]
