"""SASL: right and wrong passwords by every mechanism, and nothing that a stranger can answer makes it stumble."""

import base64
import hashlib
import hmac
import statistics
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scramp import ScramClient

from maillab.wire.sasl import MECHANISMS, SaslExchange, SaslVerdict, decode_base64, initial_response, mechanisms, verify

FAILED = SaslVerdict(None)


class Book:
    """Two people with passwords, known by address or by name."""

    takes_anything = False
    passwords = {"alice@sender.test": "alice", "tuấn@sender.test": "mật khẩu"}

    def password(self, user):
        return self.passwords.get(self.canonical(user))

    def canonical(self, user):
        return user if "@" in user else f"{user}@sender.test"


class Anyone(Book):
    """Everybody, with any password."""

    takes_anything = True


def test_where_any_password_will_do_it_is_said():
    """People who need not prove anything log in by the mechanisms that say the password; an empty name is still nobody."""
    assert mechanisms(Book()) == MECHANISMS
    assert mechanisms(Anyone()) == ("PLAIN", "LOGIN")
    assert SaslExchange("PLAIN", Anyone(), nonce="n").step(b"\0app\0whatever") == SaslVerdict("app@sender.test")
    assert SaslExchange("PLAIN", Anyone(), nonce="n").step(b"\0\0whatever") == FAILED


def begin(mechanism):
    return SaslExchange(mechanism, Book(), nonce="n0nce")


def cram(user, password, challenge):
    digest = hmac.new(password.encode(), challenge, hashlib.md5).hexdigest()
    return f"{user} {digest}".encode()


def scram(user, password):
    """Play a whole SCRAM exchange with the library's client; gives what the server said at each step."""
    exchange, client = begin("SCRAM-SHA-256"), ScramClient(["SCRAM-SHA-256"], user, password, c_nonce="client")
    said = [exchange.step(client.get_client_first().encode())]
    if isinstance(said[-1], bytes):
        client.set_server_first(said[-1].decode())
        said.append(exchange.step(client.get_client_final().encode()))
    if isinstance(said[-1], bytes):
        client.set_server_final(said[-1].decode())
        said.append(exchange.step(b""))
    return said


@pytest.mark.parametrize("user", ["alice", "alice@sender.test"])
def test_plain(user):
    """PLAIN with the right password names the person, by either name, with or without an initial response."""
    message = b"\0" + user.encode() + b"\0alice"

    assert begin("PLAIN").step(message) == SaslVerdict("alice@sender.test")
    exchange = begin("PLAIN")
    assert exchange.step(None) == b""
    assert exchange.step(message) == SaslVerdict("alice@sender.test")


def test_a_password_may_be_typed_in_other_code_points():
    """Composed or decomposed, with other blanks, or with marks that nobody sees, it is the same one (RFC 4013 §2)."""
    for typed in ("mật khẩu", unicodedata.normalize("NFD", "mật khẩu"), "mật\u00a0khẩu", "mật kh\u00adẩu"):
        assert verify(Book(), "tuấn", typed) == "tuấn@sender.test"
    assert verify(Book(), "tuấn", "mat khau") is None
    assert verify(Book(), "tuấn", "mật khẩu\x07") is None


@pytest.mark.parametrize("mechanism", ["plain", "Plain", "scram-sha-256", "cram-md5", "login"])  # T120
def test_mechanism_names_have_no_case(mechanism):
    """A mechanism's name is known in any case."""
    assert begin(mechanism).mechanism == mechanism.upper()


def test_unknown_mechanism():
    """A mechanism that does not exist is refused when the exchange begins."""
    with pytest.raises(ValueError, match="no such mechanism"):
        begin("DIGEST-MD5")


@pytest.mark.parametrize(
    "response",
    [
        b"", b"\0", b"\0\0", b"\0\0\0", b"\0alice", b"\0alice\0", b"\0alice\0bob", b"\0mallory\0alice", b"\0\0alice",
        b"\0alice\0alice\0", b"\0\xff\xfe\0alice", b"\0alice\0\xff", b"*", b"=", b"x" * 12_288,
    ],
)  # fmt: skip
def test_plain_refuses(response):
    """Wrong, broken or unreadable PLAIN messages fail, and only fail."""  # T119
    assert begin("PLAIN").step(response) == FAILED


def test_plain_acts_for_nobody_else():
    """An authorization identity must be the same person."""
    assert begin("PLAIN").step(b"bob\0alice\0alice") == FAILED
    assert begin("PLAIN").step("tuấn\0alice\0alice".encode()) == FAILED
    assert begin("PLAIN").step(b"alice@sender.test\0alice\0alice") == SaslVerdict("alice@sender.test")


def test_login():
    """LOGIN asks for name and password with the prompts that clients wait for."""
    exchange = begin("LOGIN")

    assert exchange.step(None) == b"Username:"
    assert exchange.step("tuấn".encode()) == b"Password:"
    assert exchange.step("mật khẩu".encode()) == SaslVerdict("tuấn@sender.test")


def test_login_with_an_initial_response():
    """LOGIN takes the name as an initial response."""
    exchange = begin("LOGIN")

    assert exchange.step(b"alice") == b"Password:"
    assert exchange.step(b"wrong") == FAILED


def test_cram_md5():
    """CRAM-MD5 proves the password over a challenge made of the nonce."""
    exchange = begin("CRAM-MD5")
    challenge = exchange.step(None)

    assert challenge == b"<n0nce@maillab>"
    assert exchange.step(cram("alice", "alice", challenge)) == SaslVerdict("alice@sender.test")


@pytest.mark.parametrize("user", ["alice", "mallory"])
def test_cram_md5_refuses(user):
    """A wrong digest fails for known and unknown names alike; so does an answer before the challenge."""
    exchange = begin("CRAM-MD5")
    challenge = exchange.step(None)

    assert exchange.step(cram(user, "wrong", challenge)) == FAILED
    assert begin("CRAM-MD5").step(cram("alice", "alice", b"<n0nce@maillab>")) == FAILED


@pytest.mark.parametrize("user", ["alice", "alice@sender.test"])
def test_scram(user):
    """SCRAM-SHA-256 ends with the server's own proof as a last challenge, then the verdict."""
    first, proof, verdict = scram(user, "alice")

    assert first.startswith(b"r=clientn0nce,s=")
    assert proof.startswith(b"v=")
    assert verdict == SaslVerdict("alice@sender.test")


@pytest.mark.parametrize("user", ["alice", "mallory"])
def test_scram_refuses(user):
    """A wrong password and an unknown name look the same: a challenge with a salt that never changes, then failure."""
    once, again = scram(user, "wrong"), scram(user, "wrong")

    assert once == again
    assert len(once) == 2
    assert once[-1] == FAILED


@pytest.mark.parametrize(
    ("acts_for", "gets_in"), [("a=alice", True), ("a=alice@sender.test", True), ("a=bob", False), ("b=x", False)]
)
def test_scram_acts_for_nobody_else(acts_for, gets_in):
    """A client may say for whom it acts, as Cyrus always does; only for itself does that let it in."""
    exchange = begin("SCRAM-SHA-256")
    challenge = exchange.step(f"n,{acts_for},n=alice,r=client".encode()).decode()
    nonce, salt, work = (word[2:] for word in challenge.split(","))
    final = f"c={base64.b64encode(f'n,{acts_for},'.encode()).decode()},r={nonce}"
    salted = hashlib.pbkdf2_hmac("sha256", b"alice", base64.b64decode(salt), int(work))
    key = hmac.new(salted, b"Client Key", "sha256").digest()
    said = f"n=alice,r=client,{challenge},{final}".encode()
    signature = hmac.new(hashlib.sha256(key).digest(), said, "sha256").digest()
    proof = base64.b64encode(bytes(a ^ b for a, b in zip(key, signature, strict=True))).decode()
    assert isinstance(exchange.step(f"{final},p={proof}".encode()), bytes) is gets_in


def test_nobody_logs_in_with_the_password_of_nobody():
    """Not even the stand-in password opens the door to an unknown name."""
    nobody = "a password that nobody has"

    assert verify(Book(), "mallory", nobody) is None
    assert begin("PLAIN").step(b"\0mallory\0" + nobody.encode()) == FAILED
    assert scram("mallory", nobody)[-1] == FAILED
    exchange = begin("CRAM-MD5")
    assert exchange.step(cram("mallory", nobody, exchange.step(None))) == FAILED


def test_an_exchange_that_is_over_only_fails():
    """After its verdict an exchange cannot be talked into another one."""
    exchange = begin("PLAIN")

    assert exchange.step(b"\0alice\0wrong") == FAILED
    assert exchange.step(b"\0alice\0alice") == FAILED


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(MECHANISMS), st.lists(st.none() | st.binary(max_size=80) | st.text(max_size=40), max_size=5))
def test_no_answer_makes_it_raise(mechanism, responses):
    """Any sequence of responses ends in challenges or a failed verdict."""  # T323
    exchange = begin(mechanism)
    for response in responses:
        answer = response.encode("utf-8", "surrogatepass") if isinstance(response, str) else response
        said = exchange.step(answer)
        assert isinstance(said, bytes) or said == FAILED


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="nyp=,arbcmex\0é%", max_size=30), st.binary(max_size=60))
def test_scram_messages_that_nearly_parse(first, final):
    """SCRAM messages that are almost right fail without an exception."""
    exchange = begin("SCRAM-SHA-256")

    assert exchange.step(first.encode()) == FAILED
    exchange = begin("SCRAM-SHA-256")
    exchange.step(b"n,,n=alice,r=abc")
    assert exchange.step(b"c=biws,r=abcn0nce,p=" + base64.b64encode(final)) == FAILED


@pytest.mark.parametrize("line", [b"=", b"*", b"YQ", b"YQ=", b"YQ===", b"Y Q==", b"YQ==\r\n", b"\xff", b"YQ==YQ=="])
def test_base64_is_strict(line):
    """What is not base64 to the message is refused."""  # T119
    with pytest.raises(ValueError, match="base64"):
        decode_base64(line)


def test_initial_response():
    """On the AUTH line "=" is an empty response."""
    assert initial_response(b"=") == b""
    assert initial_response(b"YQ==") == b"a"
    assert decode_base64(b"") == b""


def test_an_unknown_name_costs_what_a_wrong_password_costs():
    """The mean time of a refusal differs by less than 5 ms between a known and an unknown name."""  # T118
    means = []
    for user in (b"alice", b"mallory"):
        took = []
        for _ in range(200):
            began = time.process_time()  # what other programs do meanwhile does not count
            assert begin("PLAIN").step(b"\0" + user + b"\0wrong") == FAILED
            took.append(time.process_time() - began)
        means.append(statistics.mean(took))

    assert abs(means[0] - means[1]) < 0.005
