"""Which hosts answer for a domain, and in which order."""

import pytest

from maillab.sender.route import ADDRESSES, HostAnswer, LookupResult, MxAnswer, Route, hosts_to_ask, route, usable


def here(*names: str) -> dict[str, HostAnswer]:
    return {name: HostAnswer(LookupResult.YES, ("127.0.0.1",)) for name in names}


def mx(*records: tuple[int, str]) -> MxAnswer:
    return MxAnswer(LookupResult.YES, records)


def way(answer: MxAnswer, hosts: dict[str, HostAnswer] | None = None, **more: object) -> Route:
    hosts = here(*(host for _, host in answer.records)) if hosts is None else hosts
    return route("recipient.test", answer, hosts, **{"shuffle": lambda _: None, **more})  # type: ignore[arg-type]


def why(found: Route) -> tuple[int, str]:
    assert found.reply is not None
    assert found.stops == ()
    return found.reply.code, found.reply.enhanced


def test_order_of_preference() -> None:
    """Hosts are tried by preference number, whatever the order of the records."""  # T063
    assert way(mx((20, "mx2.test"), (5, "mx0.test"), (10, "mx1.test"))).hosts == ("mx0.test", "mx1.test", "mx2.test")


def test_equals_are_shuffled() -> None:
    """Hosts of equal preference are shuffled with the dice passed in, each preference by itself."""  # T063
    found = way(
        mx((10, "a.test"), (10, "b.test"), (10, "c.test"), (20, "d.test")), shuffle=lambda hosts: hosts.reverse()
    )

    assert found.hosts == ("c.test", "b.test", "a.test", "d.test")


def test_null_mx() -> None:
    """A null MX is never, 556 5.1.10, without a look at the domain's address."""  # T066
    for root in ("", "."):
        found = way(mx((0, root)), here("recipient.test"))
        assert why(found) == (556, "5.1.10")
    assert hosts_to_ask("recipient.test", mx((0, ""))) == ()


def test_null_mx_beside_another() -> None:
    """A null MX beside others is a null MX, as Postfix has it, and the contradiction is named (RFC 7505 section 3)."""
    for records in (mx((0, ""), (10, "mx.test")), mx((10, "mx.test"), (20, "."))):
        found = way(records)
        assert why(found) == (556, "5.1.10")
        assert found.reply.lines[0].endswith("although it names other hosts, too")
        assert hosts_to_ask("recipient.test", records) == ()


def test_implicit_mx() -> None:
    """Without MX the domain's own address is used."""  # T067
    none = MxAnswer(LookupResult.NO_DATA)

    assert hosts_to_ask("recipient.test", none) == ("recipient.test",)
    assert way(none, here("recipient.test")).hosts == ("recipient.test",)


def test_no_mx_and_no_address() -> None:
    """A domain without MX and without address is never, 5.4.4."""
    assert why(way(MxAnswer(LookupResult.NO_DATA), {"recipient.test": HostAnswer(LookupResult.NO_DATA)})) == (
        550,
        "5.4.4",
    )


def test_trouble_is_later() -> None:
    """SERVFAIL or time-out is later, 4.4.3, and never leads to the address of the domain."""  # T068
    found = way(MxAnswer(LookupResult.TROUBLE, why="SERVFAIL"), here("recipient.test"))

    assert why(found) == (451, "4.4.3")
    assert found.reply is not None
    assert "SERVFAIL" in found.reply.text


def test_trouble_with_addresses() -> None:
    """No address known, but one that may still come, is later; a known one is used."""  # T068
    trouble = HostAnswer(LookupResult.TROUBLE, why="timeout")

    assert why(
        way(mx((10, "a.test"), (20, "b.test")), {"a.test": trouble, "b.test": HostAnswer(LookupResult.NO_NAME)})
    ) == (
        451,
        "4.4.3",
    )
    assert way(mx((10, "a.test"), (20, "b.test")), {"a.test": trouble, **here("b.test")}).hosts == ("b.test",)


def test_no_such_domain() -> None:
    """NXDOMAIN is never, 5.1.2."""  # T069
    assert why(way(MxAnswer(LookupResult.NO_NAME))) == (550, "5.1.2")


def test_alias_is_followed_with_a_warning() -> None:
    """An MX that is an alias is followed, and the warning names both."""  # T070
    found = way(mx((10, "mx.test")), {"mx.test": HostAnswer(LookupResult.YES, ("127.0.0.1",), "real.test")})

    assert found.hosts == ("mx.test",)
    assert len(found.warnings) == 1
    assert "mx.test" in found.warnings[0]
    assert "real.test" in found.warnings[0]


@pytest.mark.parametrize(
    "name",
    ["127.0.0.1", "2130706433", "0x7f000001", "10.1", "localhost", "LOCALHOST", "a.localhost", r"mx\027[31m.test", "mx\x1b.test",
     "mx test", "mx..test", "é.test", "x" * 64 + ".test", ".".join(["x" * 49] * 6), "::1", "[127.0.0.1]", "-\n"],
)  # fmt: skip
def test_names_that_are_no_hosts(name: str) -> None:
    """A number in disguise, localhost, or odd octets as MX are skipped; 5.4.4 when nothing else is left."""  # T070
    assert not usable(name)
    assert why(way(mx((10, name)), here(name))) == (550, "5.4.4")
    assert way(mx((10, name), (20, "mx.test")), here(name, "mx.test")).hosts == ("mx.test",)
    assert name not in hosts_to_ask("recipient.test", mx((10, name)))


def test_only_better_hosts_than_myself() -> None:
    """Where this machine is an MX itself, only hosts with a lower number are tried."""  # T062
    records = mx((10, "mx1.test"), (20, "me.test"), (20, "mx2.test"), (30, "mx3.test"))

    assert way(records, myself=frozenset({"ME.test"})).hosts == ("mx1.test",)


def test_best_host_is_myself() -> None:
    """Mail for which this machine is the best host loops: never, 5.4.6."""  # T062 T176
    assert why(way(mx((10, "me.test"), (20, "mx2.test")), myself=frozenset({"me.test"}))) == (554, "5.4.6")
    assert why(way(MxAnswer(LookupResult.NO_DATA), here("recipient.test"), myself=frozenset({"recipient.test"}))) == (
        554,
        "5.4.6",
    )


def test_alias_of_myself() -> None:
    """An MX that is an alias of this machine is this machine."""  # T062
    hosts = {"mx.test": HostAnswer(LookupResult.YES, ("127.0.0.1",), "me.test")}

    assert why(way(mx((10, "mx.test")), hosts, myself=frozenset({"me.test"}))) == (554, "5.4.6")


def test_bounded() -> None:
    """Forty MX with two hundred addresses each cost twenty questions and five addresses."""  # T071 T231
    many = mx(*((n, f"mx{n:02}.test") for n in range(40)))
    hosts = {
        f"mx{n:02}.test": HostAnswer(LookupResult.YES, tuple(f"127.0.{n}.{i}" for i in range(200))) for n in range(40)
    }

    assert len(hosts_to_ask("recipient.test", many)) == 20
    assert [stop.address for stop in way(many, hosts).stops] == [f"127.0.0.{i}" for i in range(ADDRESSES)]


def test_address_literal() -> None:
    """Mail to an address literal is not routed."""
    assert why(route("[127.0.0.1]", MxAnswer(LookupResult.NO_DATA), here("[127.0.0.1]"), shuffle=lambda _: None)) == (
        550,
        "5.1.2",
    )
