"""The desk: machines together, on real sockets."""

import asyncio
import contextlib
import email
import hashlib
import smtplib
import socket
from itertools import count

import msgspec
import msgspec.structs
import pytest

from maillab.client.pop3 import fetch
from maillab.config import ExtraZone, default
from maillab.config_file import read
from maillab.endpoints import BusyPort, Endpoint
from maillab.events import (
    Attempted,
    Authenticated,
    Bounced,
    Closed,
    Deferred,
    Delivered,
    Dropped,
    Failed,
    Leg,
    Opened,
    Queued,
    Routed,
    Submitted,
    Tolerated,
    Warned,
)
from maillab.folder import LabFolder
from maillab.lab import Lab
from maillab.nameserver.zone import ZoneError
from maillab.notice import NoticeError, running
from tests.support import free_ports, run, wait_for

NOW = 1_700_000_000.0


@contextlib.asynccontextmanager
async def desk(folder, config=None, **options):
    """A running lab in `folder`, on free ports."""
    for name in ("spool", "record"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    async with Lab(config or default(), folder, auto_ports=True, now=NOW, **options) as lab:
        yield lab


async def post(
    lab, *to, sender="alice@sender.test", content=b"Subject: x\r\n\r\nhello\r\n", site="sender.test", options=()
):
    """Hand a message over at a site's port 25, as a program nearby does."""
    door = lab.endpoint(site, "smtp")

    def talk():
        with smtplib.SMTP(door.host, door.port, "program.test") as smtp:
            return smtp.sendmail(sender, to, content, mail_options=list(options))

    return await asyncio.to_thread(talk)


async def mail_of(lab, address):
    """Everything in a mailbox, whose password is its name."""
    name, _, site = address.partition("@")
    door = lab.endpoint(site, "pop3")
    fetched = await fetch(door.host, door.port, address, name, tls="none", plaintext_auth=True)
    return [octets for _, octets in fetched.messages]


def kinds(lab, *wanted):
    return [entry.event for entry in lab.logbook.since(0) if isinstance(entry.event, wanted)]


def delivered_to(address):
    return lambda event: isinstance(event, Delivered) and event.mailbox == address


def test_a_message_crosses_octet_for_octet(tmp_path):
    """From the door of a program nearby to the reader's client, every octet of the message is the same; only trace lines stand before it."""
    content = b"Subject: x\r\n\r\n.\r\n..\r\n\xff\x00\r\n" + b"".join(bytes([n]) for n in range(32, 127)) + b"\r\n"

    async def story():
        async with desk(tmp_path) as lab:
            await post(lab, "bob@recipient.test", content=content, options=["BODY=8BITMIME"])
            await wait_for(lab.logbook, delivered_to("bob@recipient.test"))
            [message] = await mail_of(lab, "bob@recipient.test")
            return message

    message = run(story())
    assert message.endswith(content)
    trace = message[: -len(content)].decode()
    fields = [line.partition(":")[0] for line in trace.split("\r\n") if line and not line.startswith("\t")]
    assert fields == ["Return-Path", "Delivered-To", "Received", "Received"]


def test_stored_and_logged_before_250_is_said(tmp_path):
    """`Submitted` and `Queued` stand in the logbook before the 250 that promises them, `Delivered` before its own."""

    async def story():
        async with desk(tmp_path) as lab:
            await post(lab, "bob@recipient.test")
            await wait_for(lab.logbook, lambda event: isinstance(event, Attempted))
            entries = lab.logbook.since(0)
            return [getattr(entry.event, "line", type(entry.event).__name__) for entry in entries]

    texts = run(story())
    promised = next(n for n, text in enumerate(texts) if isinstance(text, bytes) and b"queued as" in text)
    stored = next(n for n, text in enumerate(texts) if isinstance(text, bytes) and b"Stored as" in text)
    assert texts.index("Submitted") < texts.index("Queued") < promised
    assert texts.index("Delivered") < stored


def test_the_leg_is_known_by_who_calls(tmp_path):
    """At one and the same door a program nearby submits and another server relays."""

    async def story():
        async with desk(tmp_path) as lab:
            await post(lab, "nobody@recipient.test")
            await wait_for(lab.logbook, delivered_to("alice@sender.test"))  # the report came back through the same door
            return [(event.talk, event.server) for event in kinds(lab, Opened) if event.leg in (Leg.SUBMIT, Leg.RELAY)]

    assert run(story()) == [
        ("submit-1", "mx.sender.test"),
        ("relay-1", "mx.recipient.test"),
        ("relay-2", "mx.sender.test"),
    ]


def test_a_message_waits_for_a_machine_that_is_off(tmp_path):
    """The recipient's server is down: the message waits, is tried as the schedule says, and arrives when it is back."""

    async def story():
        async with desk(tmp_path) as lab:
            await lab.stop("recipient.test")
            await post(lab, "bob@recipient.test")
            for attempt, gap in enumerate((300, 600, 1200), 1):
                await wait_for(lab.logbook, lambda event, n=attempt: len(kinds(lab, Deferred)) == n)
                assert kinds(lab, Deferred)[-1].seconds == gap
                if attempt < 3:
                    lab.clock.advance(gap + 1)
            await lab.start("recipient.test")
            lab.clock.advance(1201)
            await wait_for(lab.logbook, delivered_to("bob@recipient.test"))
            return kinds(lab, Attempted)

    attempts = run(story())
    assert [attempt.code for attempt in attempts[:3]] == [0, 0, 0]


def test_after_its_lifetime_a_message_comes_back_in_three_parts(tmp_path):
    """With the server gone for the whole lifetime, alice is warned once, then gets a report whose three parts a MIME parser reads (T053)."""

    async def story():
        async with desk(tmp_path) as lab:
            await lab.stop("recipient.test")
            await post(lab, "bob@recipient.test", content=b"Subject: lost\r\nMessage-ID: <m@x>\r\n\r\nbody\r\n")
            await wait_for(lab.logbook, lambda event: isinstance(event, Deferred))
            lab.clock.advance(14_500)
            await wait_for(lab.logbook, lambda event: isinstance(event, Bounced) and event.kind == "delayed")
            lab.clock.advance(432_001)
            await wait_for(lab.logbook, lambda event: isinstance(event, Bounced) and event.kind == "failed")
            await wait_for(lab.logbook, lambda event: len(kinds(lab, Delivered)) == 2)
            return await mail_of(lab, "alice@sender.test")

    warning, report = [email.message_from_bytes(message) for message in run(story())]
    assert warning.get_content_type() == report.get_content_type() == "multipart/report"
    words, status, original = report.get_payload()
    assert [part.get_content_type() for part in (words, status)] == ["text/plain", "message/delivery-status"]
    assert original.get_payload(0)["Subject"] == "lost"
    [_about_all, about_bob] = status.get_payload()
    assert about_bob["Final-Recipient"] == "rfc822; bob@recipient.test"
    assert about_bob["Action"] == "failed"
    assert about_bob["Status"] in ("4.4.7", "5.4.7")
    assert report["Return-Path"] == "<>"


def test_one_of_three_fails(tmp_path):
    """Two recipients get their message, one report names only the third (T050)."""

    async def story():
        async with desk(tmp_path) as lab:
            await post(lab, "bob@recipient.test", "nobody@recipient.test", "carol@recipient.test")
            await wait_for(lab.logbook, delivered_to("alice@sender.test"))
            return kinds(lab, Delivered), kinds(lab, Failed), (await mail_of(lab, "alice@sender.test"))[0]

    delivered, failed, report = run(story())
    assert {event.mailbox for event in delivered} == {"bob@recipient.test", "carol@recipient.test", "alice@sender.test"}
    assert [event.recipients for event in failed] == [("nobody@recipient.test",)]
    assert b"carol" not in report.split(b"message/delivery-status")[1].split(b"\r\n--")[0]


def test_a_bounce_never_bounces(tmp_path):
    """A message from <> that cannot be delivered is dropped, and said to be (T054, T055)."""

    async def story():
        async with desk(tmp_path) as lab:
            await post(lab, "nobody@recipient.test", sender="")
            await wait_for(lab.logbook, lambda event: isinstance(event, Dropped))
            return kinds(lab, Bounced)

    assert run(story()) == []


def test_nothing_is_lost_when_the_lab_is_closed_and_opened(tmp_path):
    """A message in the queue survives the end of the lab, and goes on when it is opened again."""

    async def before():
        async with desk(tmp_path) as lab:
            await lab.stop("recipient.test")
            await post(lab, "bob@recipient.test")
            await wait_for(lab.logbook, lambda event: isinstance(event, Deferred))

    async def after():
        async with desk(tmp_path) as lab:
            lab.retry_now()
            await wait_for(lab.logbook, delivered_to("bob@recipient.test"))
            return await mail_of(lab, "bob@recipient.test")

    run(before())
    assert len(run(after())) == 1


def test_closing_takes_less_than_two_seconds_and_says_goodbye(tmp_path):
    """With a client connected and a message waiting, the lab ends at once and every talk is closed."""

    async def story():
        loop = asyncio.get_running_loop()
        async with desk(tmp_path) as lab:
            await lab.stop("recipient.test")
            await post(lab, "bob@recipient.test")
            door = lab.endpoint("sender.test", "smtp")
            reader, writer = await asyncio.open_connection(door.host, door.port)
            await reader.readline()
            begun = loop.time()
        said = await reader.read()
        writer.close()
        await writer.wait_closed()
        return loop.time() - begun, said, {e.talk for e in kinds(lab, Opened)} - {e.talk for e in kinds(lab, Closed)}

    seconds, said, open_talks = run(story())
    assert seconds < 2
    assert said.startswith(b"421")
    assert open_talks == set()


def test_a_busy_port_is_named(tmp_path):
    """A port that is taken is named with its service and the command that helps; nothing stays open."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ports = free_ports(5)
        text = (
            f"dns_port = {ports[0]}\n[[sites]]\ndomain = 'a.test'\npeople = [{{ name = 'a', password = 'a' }}]\n"
            f"ports = {{ smtp = {ports[1]}, submission = {port}, submissions = {ports[2]}, pop3 = {ports[3]}, pop3s = {ports[4]} }}"
        )

        async def story():
            (tmp_path / "spool").mkdir()
            (tmp_path / "record").mkdir()
            with pytest.raises(BusyPort) as caught:
                await Lab(read(text.encode(), "x"), tmp_path, now=NOW).__aenter__()
            with pytest.raises(OSError, match=r"refused|failed"):
                await asyncio.open_connection("127.0.0.1", ports[1])
            return caught.value

        error = run(story())
    assert error.port == port
    assert "submission" in str(error)
    assert "--ports auto" in str(error)


def test_catch_all_is_honest_mail(tmp_path):
    """With catch_all every other domain's mail goes through DNS and the wire into one mailbox."""

    async def story():
        async with desk(tmp_path, read(b"catch_all = true", "x")) as lab:
            await post(lab, "someone@nowhere.edu", "bob@recipient.test")
            await wait_for(lab.logbook, delivered_to("caught@recipient.test"))
            await wait_for(lab.logbook, delivered_to("bob@recipient.test"))
            await post(lab, "someone@shop.example.com", "someone@shop.sender.test")
            seen = count()
            is_caught = delivered_to("caught@recipient.test")
            await wait_for(lab.logbook, lambda event: is_caught(event) and next(seen) == 2)
            return {event.domain for event in kinds(lab, Queued)}

    names = {"nowhere.edu", "recipient.test", "shop.example.com", "shop.sender.test"}
    assert run(story()) == names  # also below names that the lab has itself


@pytest.mark.parametrize(
    ("to", "mailbox", "relayed"),
    [
        ("recipient@example.com", "caught@recipient.test", 1),
        ("Bob@example.net", "bob@recipient.test", 1),
        ("anybody@shop.example", "caught@recipient.test", 1),
        ("root@localhost", "caught@recipient.test", 1),
        ("nobody@example.org", "caught@sender.test", 0),
        ("alice@example.org", "alice@sender.test", 0),
    ],
)
def test_names_that_can_never_be_real_are_caught(tmp_path, to, mailbox, relayed):
    """Mail for a reserved name crosses like any other, by DNS and MX, and lies in a mailbox that can be opened; mail for
    a second name of the site itself is at home at its door.
    """

    async def story():
        async with desk(tmp_path) as lab:
            await post(lab, to, sender="app@example.com")
            await wait_for(lab.logbook, delivered_to(mailbox))
            assert lab.mailbox(to) == mailbox
            [message] = await mail_of(lab, mailbox)
            assert f"Delivered-To: {to}\r\n".lower().encode() in message.lower()
            return len(kinds(lab, Queued))

    assert run(story()) == relayed


def test_names_below_a_zone_are_what_the_zone_says(tmp_path):
    """A name below a zone of the lab is inside: its MX or alias there is followed, and one that is not there bounces."""
    zone = "$TTL 60\n@ SOA ns hostmaster 1 3600 600 604800 60\n@ NS ns.sender.test.\n* MX 10 mx.recipient.test.\nwww CNAME bob.test.\n"
    config = msgspec.structs.replace(default(), zones=(ExtraZone("lists.test", zone),))

    async def story():
        failures = {}
        async with desk(tmp_path, config) as lab:
            for to in ("bob@nosuch.recipient.test", "bob@any.lists.test", "bob@www.lists.test"):
                await post(lab, to)
                failed = await wait_for(
                    lab.logbook, lambda event, to=to: isinstance(event, Failed) and to in event.recipients
                )
                failures[to] = failed.event.reason
            return failures

    failures = run(story())
    assert "5.1.2" in failures["bob@nosuch.recipient.test"]  # there is no such name
    assert "554 5.7.1 Relay access denied" in failures["bob@any.lists.test"]  # the host of its MX does not serve it
    assert "554 5.7.1 Relay access denied" in failures["bob@www.lists.test"]  # nor does that of its alias


def test_names_that_may_be_real_are_refused(tmp_path):
    """No mail for a real name is taken, and strangers at the domains of the people are refused as on the Internet."""

    async def story():
        async with desk(tmp_path) as lab:
            for to, code in (("x@gmail.com", 554), ("x@[127.0.0.1]", 554), ("nobody@sender.test", 550)):
                with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
                    await post(lab, to)
                assert refused.value.recipients[to][0] == code

    run(story())


def test_a_site_never_relays_to_itself(tmp_path):
    """The one site of a lab that trusts loopback and catches everything stores a message at its own door, in one talk."""
    text = b"""
    catch_all = true
    [[sites]]
    domain = "one.test"
    trust_loopback = true
    people = [{ name = "ann", password = "ann" }]
    """

    async def story():
        async with desk(tmp_path, read(text, "x")) as lab:
            await post(lab, "x@gmail.com", "ann@one.test", "y@shop.example", site="one.test")
            await wait_for(lab.logbook, delivered_to("ann@one.test"))
            assert len(await mail_of(lab, "caught@one.test")) == 2
            return len([event for event in kinds(lab, Opened) if event.leg is not Leg.RETRIEVE])

    assert run(story()) == 1


def test_the_door_for_programs(tmp_path):
    """Port 1025 offers no STARTTLS, takes any login and any sender; the other services keep TLS, people and senders."""

    async def story():
        async with desk(tmp_path) as lab:
            program, submission = lab.endpoint("sender.test", "smtp"), lab.endpoint("sender.test", "submission")
            assert (program.tls, program.auth, submission.tls) == ("none", True, "starttls")

            def talk():
                with smtplib.SMTP(program.host, program.port, "program.test") as smtp:
                    smtp.ehlo()
                    assert not smtp.has_extn("starttls")
                    smtp.login("whoever", "whatever")
                    smtp.sendmail("ceo@shop.example", ["bob@example.com"], b"Subject: x\r\n\r\nx\r\n")
                with smtplib.SMTP(submission.host, submission.port, "program.test") as smtp:
                    assert smtp.ehlo()[0] == 250
                    assert smtp.has_extn("starttls")
                    assert not smtp.has_extn("auth")

            await asyncio.to_thread(talk)
            await wait_for(lab.logbook, delivered_to("bob@recipient.test"))
            return [event.user for event in kinds(lab, Authenticated)], kinds(lab, Tolerated)[-1].rule

    assert run(story()) == (["whoever@sender.test"], "RFC 4954 section 4")


def test_catching_can_be_switched(tmp_path):
    """A running lab begins and ends to catch everything by its settings; its name server answers accordingly."""

    async def story():
        async with desk(tmp_path) as lab:
            await lab.switch(lambda config: msgspec.structs.replace(config, catch_all=True))
            await post(lab, "x@gmail.com")
            await wait_for(lab.logbook, delivered_to("caught@recipient.test"))
            await lab.switch(lambda config: msgspec.structs.replace(config, catch_all=False))
            with pytest.raises(smtplib.SMTPRecipientsRefused):
                await post(lab, "x@gmail.com")

    run(story())


def test_wrong_server_credentials_defer_the_message(tmp_path):
    """A server that cannot prove who it is keeps the message and tries later; the password was said inside TLS only."""
    text = b"""
    [[sites]]
    domain = "a.test"
    trust_loopback = true
    people = [{ name = "a", password = "a" }]
    server_auth = { "b.test" = { user = "b", password = "wrong" } }
    [[sites]]
    domain = "b.test"
    people = [{ name = "b", password = "right" }]
    """

    async def story():
        async with desk(tmp_path, read(text, "x")) as lab:
            await post(lab, "b@b.test", sender="a@a.test", site="a.test")
            await wait_for(lab.logbook, lambda event: isinstance(event, Deferred))
            said = [entry.event for entry in lab.logbook.since(0)]
            return kinds(lab, Deferred)[0], [e for e in said if getattr(e, "secret", (0, 0)) != (0, 0)]

    deferred, secrets = run(story())
    assert "535" in deferred.reason
    assert secrets
    assert all(said.secure for said in secrets)


def test_mail_within_one_domain(tmp_path):
    """Alice writes to herself through the submission door: the message goes by MX to her own domain's receiving machine."""

    async def story():
        async with desk(tmp_path) as lab:
            door = lab.endpoint("sender.test", "submissions")

            def talk():
                with smtplib.SMTP_SSL("localhost", door.port, "laptop.test", context=lab.authority.client()) as smtp:
                    smtp.login("alice", "alice")
                    smtp.sendmail("alice@sender.test", ["alice@sender.test"], b"Subject: me\r\n\r\nx\r\n")

            await asyncio.to_thread(talk)
            await wait_for(lab.logbook, delivered_to("alice@sender.test"))
            return kinds(lab, Submitted)[0]

    assert run(story()).recipients == ("alice@sender.test",)


def test_a_large_message_crosses_without_costing_its_size(tmp_path):
    """A message of 3 MB goes through spool, queue and Maildir as files, and arrives the same (the record keeps it, too)."""
    line = b"0123456789" * 7 + b"\r\n"
    content = b"Subject: large\r\n\r\n" + line * 42_000

    async def story():
        async with desk(tmp_path) as lab:
            await post(lab, "bob@recipient.test", content=content)
            await wait_for(lab.logbook, delivered_to("bob@recipient.test"), timeout=20)
            [message] = await mail_of(lab, "bob@recipient.test")
            carried = [entry.event.content for entry in lab.logbook.since(0) if type(entry.event).__name__ == "Carried"]
            return (
                message,
                [c.path is not None for c in carried],
                [c.whole()[-100:] for c in carried],
                list((tmp_path / "spool").iterdir()),
            )

    message, in_files, ends, spool = run(story(), 60)
    assert hashlib.sha256(message[-len(content) :]).digest() == hashlib.sha256(content).digest()
    assert all(in_files)
    assert all(end == content[-100:] for end in ends)
    assert spool == []


def test_who_asks_to_hear_of_success_hears_of_it(tmp_path):
    """NOTIFY=SUCCESS at submission brings a report: the next host makes none, so the sending machine says "relayed"."""

    async def story():
        async with desk(tmp_path) as lab:
            door = lab.endpoint("sender.test", "submissions")

            def talk():
                with smtplib.SMTP_SSL("localhost", door.port, "laptop.test", context=lab.authority.client()) as smtp:
                    smtp.login("alice", "alice")
                    wishes = ["NOTIFY=SUCCESS", "ORCPT=rfc822;Bob@recipient.test"]
                    message = b"Subject: x\r\n\r\nx\r\n"
                    smtp.sendmail("alice@sender.test", ["bob@recipient.test"], message, ["ENVID=Q+2B1"], wishes)

            await asyncio.to_thread(talk)
            await wait_for(lab.logbook, delivered_to("alice@sender.test"))
            return kinds(lab, Bounced)[0], (await mail_of(lab, "alice@sender.test"))[0]

    bounced, report = run(story())
    assert bounced.kind == "relayed"
    for words in (b"Original-Envelope-Id: Q+1", b"Original-Recipient: rfc822; Bob@recipient.test", b"Action: relayed"):
        assert words in report


def test_weaknesses_are_announced(tmp_path):
    """A deliberate hole is a warning in the logbook from the first moment, and then it is really open."""

    async def story():
        async with desk(tmp_path, read(b'weaknesses = ["plaintext_auth"]', "x")) as lab:
            door = lab.endpoint("sender.test", "submission")

            def talk():
                with smtplib.SMTP(door.host, door.port, "laptop.test") as smtp:
                    smtp.ehlo()
                    return smtp.has_extn("auth")

            return kinds(lab, Warned), await asyncio.to_thread(talk)

    warned, offered = run(story())
    assert "deliberately weak" in warned[0].text
    assert offered


def test_others_find_the_lab(tmp_path):
    """Where its doors are stands in the folder while they are open, also after settings changed; then no more."""

    async def story():
        with LabFolder(tmp_path):
            async with desk(tmp_path) as lab:
                notice = await asyncio.to_thread(running, tmp_path)
                assert (notice.endpoints, notice.accounts, notice.config) == (lab.endpoints, lab.accounts, lab.config)
                await lab.switch(lambda config: msgspec.structs.replace(config, strictness="strict"))
                assert running(tmp_path).config.strictness == "strict"
                assert running(tmp_path).endpoints == lab.endpoints
            assert not (tmp_path / "running.json").exists()

    run(story())


def test_a_lab_that_cannot_be_found(tmp_path):
    """Kind: output that fails. A lab whose notice cannot be written says so and works."""
    (tmp_path / "running.json").mkdir()

    async def story():
        async with desk(tmp_path) as lab:
            [warned] = [entry.event for entry in lab.logbook.since(0) if isinstance(entry.event, Warned)]
            assert "cannot find this lab" in warned.text
            assert await post(lab, "bob@recipient.test") == {}

    run(story())


def test_a_zone_is_edited(tmp_path):
    """A changed MX is served at once, and followed at once: whoever remembered the old one asks anew."""
    nowhere = "$TTL 3600\n@ SOA ns root 1 3600 600 604800 300\n@ NS ns\n@ MX 10 mx.sender.test.\nns A 127.0.0.1\n"

    async def story():
        async with desk(tmp_path) as lab:
            await post(lab, "bob@recipient.test")
            await wait_for(lab.logbook, lambda event: isinstance(event, Delivered))
            before = {zone.origin: zone for zone in lab.zones}
            assert before["recipient.test."].mx == ("10 mx.recipient.test.",)
            await lab.edit_zone("recipient.test.", nowhere)
            after = {zone.origin: zone for zone in lab.zones}
            assert (after["recipient.test."].mx, after["recipient.test."].edited) == (("10 mx.sender.test.",), True)
            assert after["recipient.test."].text == nowhere
            assert not after["sender.test."].edited
            await post(lab, "carol@recipient.test")
            to_the_new_host = lambda event: isinstance(event, Routed) and event.hosts == ("mx.sender.test",)  # noqa: E731
            await wait_for(lab.logbook, to_the_new_host)
            await lab.switch(lambda config: msgspec.structs.replace(config, strictness="strict"))
            assert {zone.origin: zone.mx for zone in lab.zones}["recipient.test."] == ("10 mx.sender.test.",)

    run(story())


def test_a_zone_with_a_mistake(tmp_path):
    """The line and what is wrong there are told, and the zone before is served on."""

    async def story():
        async with desk(tmp_path) as lab:
            before = lab.zones
            with pytest.raises(ZoneError) as wrong:
                await lab.edit_zone("recipient.test.", "$TTL 60\n@ SOA ns root 1 1 1 1 1\n@ NS ns\n@ MX ten mx\n")
            assert (wrong.value.line, "MX" in wrong.value.text) == (4, True)
            assert lab.zones == before
            await lab.edit_zone("recipient.test.", before[1].text)
            with pytest.raises(LookupError):
                await lab.edit_zone("elsewhere.test.", before[1].text)

    run(story())


def test_the_record_on_the_disk_is_bounded(tmp_path):
    """Large contents that the logbook has forgotten leave no file behind; the mail itself is all there."""
    octets, messages = 1_000_000, 6
    content = b"Subject: x\r\n\r\n" + b"A line of text.\r\n" * (octets // 17)

    async def play():
        async with desk(tmp_path) as lab:
            lab.logbook._most_filed = 3 * octets
            for number in range(1, messages + 1):
                await post(lab, "bob@recipient.test", content=content)
                await wait_for(lab.logbook, lambda event, uid=number: isinstance(event, Delivered) and event.uid == uid)
                kept = sum(path.stat().st_size for path in (tmp_path / "record").iterdir())
                assert 0 < kept <= 4 * octets, "one more may be on its way"
            assert len(await mail_of(lab, "bob@recipient.test")) == messages
            assert lab.logbook.forgotten > 0

    run(play(), 60)


def test_no_door_is_told_before_all_are_open(tmp_path):
    """Who waits until the lab is ready finds the door that is opened beside it, too."""

    async def play():
        with LabFolder(tmp_path) as folder:
            async with Lab(default(), folder.path, auto_ports=True, more_doors=True) as lab:
                with pytest.raises(NoticeError, match="not opened its ports yet"):
                    running(tmp_path)
                door = Endpoint("", "http", "127.0.0.1", 8025, "none", False, "programs")
                await lab.announce(door)
                assert door in running(tmp_path).endpoints

    run(play())
