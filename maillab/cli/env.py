"""`maillab env --for django`: the settings that point a program at the running lab."""

import argparse
import json
from typing import TYPE_CHECKING

from maillab.cli.programs import SENDING
from maillab.cli.reading_programs import READING

if TYPE_CHECKING:
    from maillab.cli.mail_settings import MailSettings
    from maillab.notice import Notice


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    from maillab.cli.messages import add_running_lab
    from maillab.protocols.services import SMTP, of_a_site

    parser = commands.add_parser(
        "env",
        description="Print variables, settings or a command for the running lab, with ports, login and certificate as "
        'they are. For a shell: eval "$(maillab env)"',
    )
    parser.add_argument(
        "--for", dest="program", choices=list(SENDING), default="shell", help="the program (default: shell)"
    )
    parser.add_argument(
        "--service",
        choices=[service.name for service in of_a_site()],
        default=SMTP.name,
        help="smtp is port 25, for programs (default); submission has STARTTLS and a login, submissions TLS at once; "
        "with pop3, pop3s, imap and imaps messages are read",
    )
    parser.add_argument(
        "--site", metavar="DOMAIN", help="the site whose server it is (default: the first; to read, the second)"
    )
    parser.add_argument("--json", action="store_true", help="the values as one JSON object")
    add_running_lab(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the settings; 3 when no lab runs."""
    from maillab.cli.messages import lab_folder
    from maillab.cli.options import CANNOT_BIND, USAGE, fail
    from maillab.cli.running_lab import usual_site
    from maillab.cli.streams import put
    from maillab.notice import running
    from maillab.protocols.services import SERVICES
    from maillab.views.safe import safe

    folder = lab_folder(args)
    lab = running(folder)
    if lab is None:
        return fail(CANNOT_BIND, f"no lab runs in {folder}\n  start one: maillab serve")
    service = SERVICES[args.service]
    programs = SENDING if service.takes_messages else READING
    if args.program not in programs:
        return fail(USAGE, f"{args.program} does not read messages: {', '.join(programs)} do")
    place = place_of(lab, args.site or usual_site(lab.config, service), args.service)
    if args.json:
        from dataclasses import asdict

        put(json.dumps(asdict(place) | {"url": place.url}, ensure_ascii=False))
        return 0
    for line in programs[args.program].settings(place).rstrip("\n").split("\n"):
        put(safe(line))
    return 0


def place_of(lab: "Notice", site: str, service: str) -> "MailSettings":
    """The service of a running lab, for the first person of the site. Raises `TargetError` where there is none."""
    from maillab.cli.mail_settings import MailSettings
    from maillab.cli.running_lab import door_of
    from maillab.protocols.services import SERVICES

    door = door_of(lab, site, service)
    account = next(account for account in lab.accounts if account.address.endswith(f"@{site}"))
    login = SERVICES[service].for_people
    return MailSettings(
        host=door.host,
        port=door.port,
        tls=door.tls if login else "none",
        user=account.address if login else "",
        password=account.password if login else "",
        sender=_accepted(lab, site),
        recipient=_accepted(lab, lab.config.sites[-1].domain),
        certificate=str(lab.authority),
        protocol=SERVICES[service].protocol.name,
    )


def _accepted(lab: "Notice", domain: str) -> str:
    """The first person of a site, at a name that every validator of addresses takes, where the site has one."""
    site = next(site for site in lab.config.sites if site.domain == domain)
    return f"{site.people[0].name}@{(*site.domains, site.domain)[0]}"
