"""HOST:PORT is read strictly, and what may be the real Internet is told apart from home."""

import pytest

from maillab.cli.target import Target, TargetError, allowed, seconds


@pytest.mark.parametrize(
    "text", ["", "127.0.0.1", "127.0.0.1:", ":25", "h:0", "h:65536", "a b:25", "[::1]", "::1:25", "h:25\n", "h:٢"]
)
def test_not_a_target(text: str) -> None:
    """What is not HOST:PORT is refused with an example."""
    with pytest.raises(TargetError, match="for example"):
        Target.parse(text)


@pytest.mark.parametrize(
    "host",
    ["localhost", "127.0.0.1", "127.9.9.9", "::1", "mx.recipient.TEST", "a.example", "b.invalid.", "x.localhost"],
)
def test_home(host: str) -> None:
    """Loopback and names that are reserved need no leave."""
    assert Target(host, 25).is_at_home


@pytest.mark.parametrize(
    "host",
    [
        "example.com",
        "8.8.8.8",
        "10.0.0.1",
        "0.0.0.0",
        "::",
        "test.com",
        "latest",
        "2130706433",
        "127.1",
        "::ffff:8.8.8.8",
    ],
)
def test_abroad(host: str) -> None:
    """Everything else does, however it is written; the refusal names the way."""
    text = f"[{host}]:25" if ":" in host else f"{host}:25"
    with pytest.raises(TargetError, match="--real-internet"):
        allowed(text, real_internet=False)
    assert allowed(text, real_internet=True) == Target(host, 25)


def test_tls_first() -> None:
    """At 465 and 995, and at the lab's stand-ins for them, servers begin with TLS."""
    assert [port for port in (25, 465, 587, 995, 1465, 2995, 3110, 12465) if Target("h", port).tls_first] == [
        465,
        995,
        1465,
        2995,
    ]


def test_shown() -> None:
    """A target is shown as it is typed."""
    assert [str(Target.parse(text)) for text in ("[::1]:25", "localhost:1025")] == ["[::1]:25", "localhost:1025"]


@pytest.mark.parametrize("text", ["0", "-1", "nan", "inf", "soon", "86401"])
def test_not_a_timeout(text: str) -> None:
    """A time-out is a number of seconds above 0, at most a day."""
    with pytest.raises(ValueError, match=text if text != "soon" else "could not convert"):
        seconds(text)
