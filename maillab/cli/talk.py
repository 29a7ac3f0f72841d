"""`maillab talk smtp`: a protocol typed by hand, each answer explained."""

import argparse
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from maillab.cli.talk_loop import TalkOptions
    from maillab.config import Config
    from maillab.lab import Lab

_EPILOG = """\
WHERE is a site of the lab (smtp: the first one, pop3 and imap: the second, when left out) or HOST:PORT. A lab that runs
already is used, else one is started and stopped with it. STARTTLS and STLS work: the handshake is done
for you. Lines may come from a pipe; each waits for the answer to the one before:
  printf 'EHLO me.test\\nQUIT\\n' | maillab talk smtp
Exit codes: 0 QUIT or end of input; 1 the server hung up; 2 usage; 3 no connection; 4 no answer; 130 Ctrl-C.
"""
NO_MAIL = (
    "no lab was running, so this one is new and its mailboxes are empty: to read mail, start maillab serve, "
    "send it a message, then talk to it"
)


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    from maillab.cli.options import add_lab_options, add_record_option, add_settings_options
    from maillab.cli.target import seconds
    from maillab.protocols.services import of_a_site, protocols_of_a_site

    parser = commands.add_parser(
        "talk",
        description="Type a protocol by hand; type .help for what the console itself can do.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    protocols = protocols_of_a_site()
    parser.add_argument("protocol", nargs="?", choices=protocols, help=" or ".join(protocols))
    parser.add_argument("where", nargs="?", metavar="WHERE", help="a site of the lab, or HOST:PORT")
    services = [service.name for service in of_a_site()]
    parser.add_argument("--service", choices=services, help="which service of the site (default: smtp, pop3, imap)")
    parser.add_argument("--tls", choices=["none", "implicit"], help="implicit: TLS before the first word (HOST:PORT)")
    parser.add_argument("--ca", metavar="FILE", help="a certificate to trust (of the lab: see maillab locate)")
    parser.add_argument("--insecure", action="store_true", help="trust any certificate")
    parser.add_argument("--real-internet", action="store_true", help="allow a server that is not this computer")
    parser.add_argument("--timeout", type=seconds, default=60.0, metavar="N", help="seconds to wait for each answer")
    parser.add_argument("--gloss", action=argparse.BooleanOptionalAction, default=True, help="explain each line")
    parser.add_argument("--json", action="store_true", help="one JSON object a line: side, line, gloss")
    add_record_option(parser)
    add_lab_options(parser)
    add_settings_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Talk; the codes stand in the epilog."""
    from maillab.cli.options import USAGE, fail
    from maillab.protocols.services import protocols_of_a_site, speaking

    if args.protocol is None:
        return fail(USAGE, f"which protocol? maillab talk {'|'.join(protocols_of_a_site())}")
    services = [service.name for service in speaking(args.protocol)]
    if args.service and args.service not in services:
        return fail(USAGE, f"{args.service} does not speak {args.protocol}: {', '.join(services)} do")
    return _at_server(args) if ":" in (args.where or "") else _at_lab(args)


def _at_server(args: argparse.Namespace) -> int:
    """With a server at HOST:PORT, if it is allowed."""
    from maillab.cli.options import known_lab
    from maillab.cli.record_option import OptionalRecord
    from maillab.cli.talk_loop import call_server
    from maillab.cli.target import allowed
    from maillab.protocols.services import SERVICES, speaking

    target = allowed(args.where, real_internet=args.real_internet)
    usual = SERVICES[args.service].tls_first if args.service else target.tls_first
    tls_first = usual if args.tls is None else args.tls == "implicit"
    services = speaking(args.protocol)
    service = args.service or next((s for s in services if s.tls_first == tls_first), services[0]).name
    folder = known_lab(args)
    authorities = [folder / "ca" / "ca.pem"] if folder else []
    call = _call(args, target.address, target.port, service, tls_first, *authorities)
    with OptionalRecord(args.record, force=args.force) as tape:
        return call_server(call, _page(args), tape)


def _at_lab(args: argparse.Namespace) -> int:
    """With the lab that runs, or one of our own."""
    from maillab.cli.language import say
    from maillab.cli.options import find_config, lab_path, takes_free_ports, tell
    from maillab.cli.record_option import OptionalRecord
    from maillab.cli.running_lab import door_of, find_running_lab, silent
    from maillab.cli.talk_loop import call_lab, call_server
    from maillab.events import Leg
    from maillab.folder import LabFolder
    from maillab.protocols.services import SERVICES, speaking

    folder = lab_path(args)
    lab = find_running_lab(args)
    config = lab.config if lab is not None else find_config(args, folder).config
    site = _site(args, config)
    if not args.where and (others := [other.domain for other in config.sites if other.domain != site]):
        tell(say(f"no server was named, so this is {site}; another one: maillab talk {args.protocol} {others[0]}"))
    service = args.service or speaking(args.protocol)[0].name
    tls_first = SERVICES[service].tls_first
    if lab is not None:
        door = door_of(lab, site, service)
        tell(say(f"a lab is already running (process {lab.pid}); you are connected to {door.host}:{door.port}"))
        call = _call(args, door.host, door.port, service, tls_first, lab.authority, silent=silent(lab, door))
        with OptionalRecord(args.record, config, force=args.force) as tape:
            return call_server(call, _page(args), tape)

    def choose(lab: "Lab") -> "TalkOptions":
        end = lab.endpoint(site, service)
        return _call(args, end.host, end.port, service, tls_first, lab.authority.certificate)

    named = (args.lab or os.environ.get("MAILLAB_LAB")) and not args.ephemeral
    if not named and SERVICES[service].leg is Leg.RETRIEVE:
        tell(say(NO_MAIL))
    with (
        LabFolder(folder if named else None) as own,
        OptionalRecord(args.record, config, force=args.force) as tape,
    ):
        auto = takes_free_ports(args, unasked=not named)
        return call_lab(config, own.path, auto, choose, _page(args), tape)


def _call(
    args: argparse.Namespace, host: str, port: int, service: str, tls: bool, *trusted: "Path", silent: str = ""
) -> "TalkOptions":
    """Whom to talk to, as the options ask for; `trusted` are certificates beside that of `--ca`."""
    from maillab.cli import trust
    from maillab.cli.options import language
    from maillab.cli.talk_loop import TalkOptions
    from maillab.client.by_hand import ServiceAddress

    place, authorities = ServiceAddress(host, port, service, tls), (*trust.named(args.ca), *trusted)
    return TalkOptions(place, authorities, args.insecure, args.timeout, language(args), silent)


def _site(args: argparse.Namespace, config: "Config") -> str:
    """The domain of the site that was asked for. Raises `TargetError`."""
    from maillab.cli.running_lab import usual_site
    from maillab.cli.target import TargetError
    from maillab.mail.address import in_u_labels
    from maillab.protocols.services import speaking

    if not args.where:
        return usual_site(config, speaking(args.protocol)[0])
    for site in config.sites:
        names = (site.domain, site.mx)
        if args.where.lower().rstrip(".") in (*names, *map(in_u_labels, names)):
            return site.domain
    sites = ", ".join(in_u_labels(site.domain) for site in config.sites)
    raise TargetError(f"{args.where} is no site of this lab\n  sites are: {sites}; a server is written HOST:PORT")


def _page(args: argparse.Namespace) -> Any:
    from maillab.cli.options import language
    from maillab.cli.talk_output import TalkOutput

    return TalkOutput(lang=language(args), glosses=args.gloss, as_json=args.json)
