"""How questions are read."""

import json
import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.web import answering
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


@given(
    st.recursive(st.none() | st.text(max_size=20), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)),
    st.booleans(),
)
def test_what_stands_outside_of_strings_is_counted(value, escaped):
    """Whatever is in them, and however it is written: so many signs may be there, and not one more."""
    octets = json.dumps(value, ensure_ascii=escaped).encode("utf-8", "replace")
    outside = len(re.sub(rb'"(?:[^"\\]|\\.)*"', b"", octets, flags=re.DOTALL))
    with pytest.MonkeyPatch.context() as patch:
        for most, bearable in ((outside, True), (outside - 1, False)):
            patch.setattr(answering, "MOST_SIGNS", most)
            assert answering._is_bearable(octets) == bearable
