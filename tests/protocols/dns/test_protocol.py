"""How DNS is followed."""

from maillab.protocols.dns import DNS
from maillab.protocols.follower import Follower


def test_the_type_that_is_asked_for_is_the_verb():
    assert DNS.verb_of(b"recipient.test. IN MX ?") == "MX"
    assert DNS.verb_of(b"\xff\x00") == ""


def test_a_name_server_speaks_when_it_is_spoken_to():
    follower = Follower(DNS)
    question = follower.client(b"recipient.test. IN MX ?", mark=7)
    answer = follower.server(b"recipient.test. 60 IN MX 10 mx.recipient.test.")
    assert (answer.request, answer.first, answer.last) == (question, True, False)
    assert follower.server(b"mx.recipient.test. 60 IN A 127.0.0.1").request is question
    follower.client(b"recipient.test. IN TXT ?", mark=9)
    assert follower.server(b"NXDOMAIN").request.mark == 9
