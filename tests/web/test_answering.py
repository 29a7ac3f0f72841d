"""How questions are read."""

import msgspec

from maillab.web.answering import canonical
from maillab.web.mailpit.shapes import OutgoingMessage, Tagging


def test_names_have_no_case():
    """As Go reads JSON: any case, unknown names passed over, null is nothing; what a person wrote keeps its case."""
    said = {
        "FROM": {"email": "a@x.test"},
        "headers": {"X-Kept": "1"},
        "to": [{"Email": "b@x.test", "odd": 1}],
        "cc": None,
    }

    sending = msgspec.convert(canonical(said, OutgoingMessage), OutgoingMessage)

    assert (sending.sender.email, sending.to[0].email, sending.headers, sending.cc) == (
        "a@x.test", "b@x.test", {"X-Kept": "1"}, [],
    )  # fmt: skip


def test_what_is_no_object_stays():
    """The type complains of it, not this."""
    assert canonical([1], Tagging) == [1]
    assert canonical({"tags": "x"}, Tagging) == {"Tags": "x"}
