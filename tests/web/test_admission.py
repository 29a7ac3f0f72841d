"""Who is let in where a token guards the door (CATALOGUE M)."""

import pytest

from maillab.web.admission import BROWSERS, Admission, NoToken, said_in, token_of

TOKEN = "correct-horse-battery"


def test_the_token_lets_in():
    """Said after Bearer or as a password; nothing else does, and no beginning of it."""
    door = Admission(TOKEN, "maillab-1")

    assert door.admits({"authorization": f"Bearer {TOKEN}"}, {})
    for wrong in ("", TOKEN[:-1], f"{TOKEN}x", TOKEN.upper(), "é" * 21, "\udcff"):
        assert not door.admits({"authorization": f"Bearer {wrong}"}, {})
        assert not door.admits({}, {"maillab-1": wrong})


def test_a_cookie_is_never_the_token():
    """It goes to every port of this computer (RFC 6265 §8.5); only what was handed out is taken, from this lab alone."""
    door = Admission(TOKEN, "maillab-1")
    cookie = door.let_in()

    assert TOKEN not in cookie
    assert door.admits({}, {"maillab-1": cookie})
    assert not door.admits({}, {"maillab-2": cookie})
    assert not Admission(TOKEN, "maillab-1").admits({}, {"maillab-1": cookie})  # T286: after a new start


def test_the_link_works_once():
    """Who sees it afterwards in a history, comes too late."""
    door = Admission(TOKEN, "maillab-1")
    ticket = door.ticket

    assert not door.use("")
    assert not door.use(ticket[:-1])
    assert door.use(ticket)
    assert not door.use(ticket)
    assert not door.use("")
    assert door.ticket == ""


def test_so_many_browsers():
    """The one that came first goes."""
    door = Admission(TOKEN, "maillab-1")
    first, *_, last = [door.let_in() for _ in range(BROWSERS + 1)]

    assert not door.admits({}, {"maillab-1": first})
    assert door.admits({}, {"maillab-1": last})


@pytest.mark.parametrize(
    "text", ["", "short", "a" * 15, "with a blank in it", "a" * 20 + "\n", "tiếng Việt có dấu", "=" * 20]
)
def test_what_is_no_token(text):
    """One that is short is guessed; one with other signs cannot be sent (RFC 6750 §2.1)."""
    with pytest.raises(NoToken):
        token_of(text)
    assert token_of("a" * 16) == "a" * 16


@pytest.mark.parametrize("field", ["", "Bearer", "Basic", "Basic ====", "Basic \xff", f"Token {TOKEN}", "Basic /w=="])
def test_fields_that_say_no_token(field):
    """Whatever stands there, it is heard without a fault."""
    assert said_in(field) == ""
