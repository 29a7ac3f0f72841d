"""`maillab send --to bob@recipient.test`: one message, and everything that is said about it on its way."""

import argparse
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from maillab.client.fields import Mailbox
    from maillab.client.submit import Writing
    from maillab.config import Config
    from maillab.mail.message import Message

_EPILOG = """\
Without --server the message goes through a lab: the one that runs already in the lab folder, or else one that is
started for it on free ports and ends with it. Exit codes, as in swaks where it has one:
  0 sent, and in a lab of its own also delivered   1 taken, but a recipient failed, was refused or must wait
  2 usage, configuration or a file                 3 no connection, or a port or folder is taken
  4 time-out                                       21 no greeting      22 EHLO refused     23 MAIL refused
  24 no recipient accepted                         25 DATA refused     26 message refused after its content
  28 AUTH failed                                   29 TLS failed       130 Ctrl-C
"""


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    from maillab.cli.options import add_lab_options, add_record_option, add_settings_options

    parser = commands.add_parser(
        "send",
        description="Send one message and print the whole transcript.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_message(parser.add_argument_group("the message"))
    _add_server(parser.add_argument_group("the server"))
    shown = parser.add_argument_group("what is shown")
    shown.add_argument("--json", action="store_true", help="one JSON object a line: each entry, then the result")
    shown.add_argument("--notation", choices=["rfc", "swaks", "curl"], default="rfc", help="how speakers are marked")
    shown.add_argument("--gloss", action=argparse.BooleanOptionalAction, default=False, help="explain each line")
    shown.add_argument("--fetch", action="store_true", help="then let the recipients fetch it by POP3 and show it")
    add_record_option(shown)
    add_lab_options(parser)
    add_settings_options(parser)
    parser.set_defaults(run=run)


def _add_message(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--from", dest="sender", metavar="A", help='the sender: an address, "Name <address>", or <>')
    group.add_argument(
        "--to", action="append", metavar="B", required=True, help="a recipient, or several with commas; may be repeated"
    )
    group.add_argument("--cc", action="append", metavar="C", help="gets a copy, visible to everybody")
    group.add_argument("--bcc", action="append", metavar="D", help="gets a copy, visible to nobody")
    group.add_argument("--subject", metavar="S", help="the subject")
    group.add_argument("--body", metavar="TEXT", help="the text; - reads stdin, as does a pipe")
    group.add_argument("--body-file", metavar="FILE", help="the text from a file (UTF-8)")
    group.add_argument("--html", metavar="TEXT", help="the same text as HTML")
    group.add_argument("--attach", action="append", metavar="FILE", help="a file to go along; may be repeated")
    group.add_argument("--header", action="append", metavar="LINE", help='a further field, "Name: value"')
    group.add_argument("--raw", metavar="FILE", help="a whole message (.eml) as it is; - reads stdin")
    group.add_argument(
        "--import",
        action="append",
        metavar="FILE|DIR",
        help="saved messages as they are, one after the other: .eml, mbox, Maildir; may be repeated",
    )
    group.add_argument(
        "--notify", metavar="WHEN", help="ask for reports: never, or some of success,failure,delay (DSN)"
    )
    group.add_argument("--ret", choices=["full", "hdrs"], help="what of the message a report brings back (DSN)")
    group.add_argument("--envid", metavar="ID", help="a name for the message that reports repeat (DSN)")


def _add_server(group: argparse._ArgumentGroup) -> None:
    from maillab.cli.secret import add_password_options
    from maillab.cli.target import seconds

    group.add_argument("--server", metavar="HOST:PORT", help="connect to this server and to nothing else")
    group.add_argument("--user", metavar="U", help="who logs in (in a lab: the sender, by itself)")
    add_password_options(group)
    group.add_argument("--tls", choices=["none", "starttls", "implicit"], help="how the connection is encrypted")
    group.add_argument("--ca", metavar="FILE", help="a certificate to trust (of the lab: see maillab locate)")
    group.add_argument("--insecure", action="store_true", help="trust any certificate")
    group.add_argument("--plaintext-auth", action="store_true", help="say the password without TLS too")
    group.add_argument("--real-internet", action="store_true", help="allow a server that is not this computer")
    group.add_argument(
        "--timeout", type=seconds, default=30.0, metavar="N", help="seconds for each answer, and for the delivery"
    )


def run(args: argparse.Namespace) -> int:
    """Send it; the codes stand in the epilog."""
    return _to_server(args) if args.server else _through_lab(args)


def _to_server(args: argparse.Namespace) -> int:
    """To one server, whatever it is, if it is allowed."""
    from maillab.cli import trust
    from maillab.cli.composing import MessageError, sender_of
    from maillab.cli.options import known_lab
    from maillab.cli.printed import printer
    from maillab.cli.record_option import OptionalRecord
    from maillab.cli.secret import password
    from maillab.cli.sending import SubmissionTarget, now, to_server
    from maillab.cli.target import allowed

    target = allowed(args.server, real_internet=args.real_internet)
    if args.fetch:
        raise MessageError("--fetch reads the mailboxes of a lab; it does not go with --server")
    if not args.sender:
        raise MessageError("--server needs --from\n  for example: --from alice@sender.test")
    sender = sender_of(args.sender, "localhost")
    folder = known_lab(args)
    tls: Any = args.tls or ("implicit" if target.tls_first else "starttls" if args.user else "none")
    door = SubmissionTarget(
        target.address, target.port, tls, args.user or "", (password(args, args.user) or "") if args.user else "",
        trust.named(args.ca) + ((folder / "ca" / "ca.pem",) if folder else ()),
        args.insecure, args.plaintext_auth, args.timeout, _hello(sender),
    )  # fmt: skip
    with OptionalRecord(args.record, force=args.force) as tape:
        messages = _messages(args, sender, now())
        return to_server(messages, door, printer(args), tape, as_json=args.json)


def _through_lab(args: argparse.Namespace) -> int:
    """Through the lab that runs, or one of our own."""
    import os
    from dataclasses import replace

    from maillab.cli import trust
    from maillab.cli.composing import MessageError, is_null, person, sender_of
    from maillab.cli.language import say
    from maillab.cli.options import find_config, lab_path, takes_free_ports, tell
    from maillab.cli.printed import printer
    from maillab.cli.record_option import OptionalRecord
    from maillab.cli.running_lab import door_of, find_running_lab, silent
    from maillab.cli.sending import OwnLab, SubmissionTarget, in_lab, now, to_server
    from maillab.endpoints import HOST
    from maillab.folder import LabFolder
    from maillab.protocols.services import Leg, on

    folder = lab_path(args)
    lab = find_running_lab(args)
    config = lab.config if lab is not None else find_config(args, folder).config
    first = _first(config)
    sender = sender_of(args.sender or first, first.rpartition("@")[2])
    site = sender.address.ascii_domain
    user, password = _account(args, config, sender if not is_null(args.sender or "") else person("--from", first))
    tls: Any = args.tls or ("starttls" if next(s.tls for s in config.sites if s.domain == site) else "none")
    plaintext = args.plaintext_auth or "plaintext_auth" in config.weaknesses
    door = SubmissionTarget(
        HOST, 0, tls, user, password, trust.named(args.ca), args.insecure, plaintext, args.timeout, _hello(sender)
    )  # fmt: skip
    if lab is not None:
        if args.fetch:
            raise MessageError("--fetch needs a lab of its own\n  add --ephemeral")
        way_in = door_of(lab, site, on(Leg.SUBMIT, tls_first=tls == "implicit").name)
        tell(say(f"a lab is already running (process {lab.pid}): the message goes to it, at port {way_in.port}"))
        at = replace(door, port=way_in.port, authorities=(*door.authorities, lab.authority))
        messages, nobody = _messages(args, sender, now()), silent(lab, way_in)
        with OptionalRecord(args.record, config, force=args.force) as tape:
            return to_server(messages, at, printer(args), tape, as_json=args.json, silent=nobody)
    named = args.lab or os.environ.get("MAILLAB_LAB")
    messages = _messages(args, sender, now())
    with (
        LabFolder(folder if named and not args.ephemeral else None) as own,
        OptionalRecord(args.record, config, force=args.force) as tape,
    ):
        auto = takes_free_ports(args, unasked=not named or args.ephemeral)
        if not named or args.ephemeral:
            tell(say("no lab runs: one is started for this message, on free ports, and ends with it"))
        mine = OwnLab(config, own.path, auto, site, args.fetch)
        return in_lab(messages, door, mine, printer(args), tape, as_json=args.json)


def _first(config: "Config") -> str:
    """The first person of the lab, who sends when nobody is named. Raises `MessageError`."""
    from maillab.cli.composing import MessageError

    for site in config.sites:
        for resident in site.people:
            return f"{resident.name}@{site.domain}"
    raise MessageError("this lab has no mailboxes\n  see: maillab config")


def _account(args: argparse.Namespace, config: "Config", sender: "Mailbox") -> tuple[str, str]:
    """Who logs in, and the password: as named, or as the configuration knows it. Raises `MessageError`."""
    from maillab.cli.composing import MessageError
    from maillab.cli.secret import password

    address = sender.address
    people = {f"{who.name}@{site.domain}": who.password for site in config.sites for who in site.people}
    me = f"{address.local.partition('+')[0]}@{address.ascii_domain}".lower()
    account = next((name for name in people if name.lower() == me), "")
    if address.ascii_domain not in [site.domain for site in config.sites] or not (account or args.user):
        raise MessageError(
            f"{address} has no account in this lab\n  these have: {', '.join(people) or 'nobody'}\n"
            "  to send to another server: --server HOST:PORT"
        )
    user = args.user or account
    return user, password(args, user, people.get(user, people.get(f"{user}@{address.ascii_domain}"))) or ""


def _hello(sender: "Mailbox") -> str:
    """The name for EHLO: a computer of the sender's domain."""
    domain = sender.address.ascii_domain
    return "localhost" if not domain or domain.startswith("[") else f"client.{domain}"


def _messages(args: argparse.Namespace, sender: "Mailbox", moment: float) -> "Iterable[Message | Writing]":
    """The message of the options, or those that were saved. Raises `MessageError`, `OSError`, also while it is read."""
    from maillab.cli.composing import MessageError, imported, saved

    given = [name for name in ("body", "body_file", "raw", "import") if getattr(args, name) is not None]
    if len(given) > 1:
        raise MessageError(" and ".join(f"--{name.replace('_', '-')}" for name in given) + " do not go together")
    files = getattr(args, "import")
    if files is None:
        return [_message(args, sender, moment)]
    return (imported(args, sender, message.octets) for message in saved(files))


def _message(args: argparse.Namespace, sender: "Mailbox", moment: float) -> "Message | Writing":
    """The one message of the options. Raises `MessageError`, `OSError`."""
    import secrets

    from maillab.cli.composing import raw, text_of, without_mbox_line, written
    from maillab.cli.language import say
    from maillab.cli.options import language, tell
    from maillab.folder import path_of

    if args.raw is not None:
        octets = _stdin() if args.raw == "-" else path_of(args.raw).read_bytes()
        if b"\n" in octets and b"\r" not in octets:
            tell(say(f"{args.raw}: its lines end in LF; they are sent with CR LF"))
        message = without_mbox_line(octets)
        if message != octets:
            tell(say(f"{args.raw}: its first line belongs to an mbox and not to the message; it is left out"))
        return raw(args, sender, message)
    text: str | None = args.body
    if args.body_file is not None:
        text = text_of(path_of(args.body_file).read_bytes(), args.body_file)
    elif text == "-":
        text = text_of(_stdin(), "stdin")
    elif text is None and (piped := _piped()) is not None:
        text = text_of(piped, "stdin")
    return written(args, sender, text, language(args), now=moment, word=lambda: secrets.token_hex(10))


def _stdin() -> bytes:
    from maillab.cli.composing import MessageError

    try:
        return sys.stdin.buffer.read()
    except OSError as error:
        raise MessageError(
            f"cannot read standard input: {error.strerror}\n  give the text another way: --body TEXT, --body-file FILE"
        ) from error


def _piped() -> bytes | None:
    """What comes through a pipe; `None` from a terminal, and where stdin is closed, as under a daemon."""
    if sys.stdin.isatty():
        return None
    try:
        return sys.stdin.buffer.read()
    except OSError:
        return None
