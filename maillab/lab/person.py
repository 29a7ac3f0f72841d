"""What a person of the lab does at its doors, logged in with their own password: hand messages over, and fetch mail."""

from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from maillab.client.pop3 import Fetched, fetch
from maillab.client.submit import SubmitResult, TlsMode, Writing, submit
from maillab.endpoints import Endpoint
from maillab.lab.desk import Lab
from maillab.mail.address import Address
from maillab.mail.message import Message
from maillab.protocols.services import IMAP, SERVICES, SUBMISSION

if TYPE_CHECKING:
    from maillab.client.imap import RemoteMail


def tls_at(door: Endpoint) -> TlsMode:
    """How a client encrypts at this door: from the first octet, by STARTTLS, or not at all."""
    return "implicit" if door.tls == "implicit" else "starttls" if door.tls == "starttls" else "none"


def site_for(lab: Lab, sender: Address) -> str:
    """The site at which somebody hands in: their own; for a stranger the first."""
    domain = sender.ascii_domain
    return domain if domain in [site.domain for site in lab.config.sites] else lab.config.sites[0].domain


async def hand_over(
    lab: Lab, message: Message | Writing, sender: Address, service: str = SUBMISSION.name
) -> SubmitResult:
    """Submit a message at the sender's own site (a stranger's goes to the first), one command after the other.

    The sender logs in, if they have an account, but not at port 25, where servers meet. Raises `SubmitError`;
    `LookupError` where there is no such service or door.
    """
    site, domain = site_for(lab, sender), sender.ascii_domain
    door = lab.endpoint(site, service)
    passwords = {account.address: account.password for account in lab.accounts}
    password = passwords.get(str(sender), passwords.get(f"{sender.local}@{domain}"))
    login = password is not None and SERVICES[service].for_people
    return await submit(
        message,
        host=door.host,
        port=door.port,
        hello=f"laptop.{site}",
        user=str(sender) if login else "",
        password=password or "",
        tls=tls_at(door),
        context=lab.authority.client(),
        server_hostname="localhost",
        plaintext_auth="plaintext_auth" in lab.config.weaknesses,
        pipelining=False,  # so that the conversation can be followed line by line
    )


async def fetch_mail(
    lab: Lab,
    account: str,
    password: str | None = None,
    *,
    service: str | None = None,
    encrypted: bool = False,
    keep: bool = True,
    known: Collection[str] = (),
    remove: Collection[str] = (),
    taken: Callable[[str, bytes], None] | None = None,
) -> Fetched:
    """Fetch the mail of an account, by the `service` that the lab's configuration names if none is said.

    `encrypted`, or where the lab demands it; the rest as in `fetch`. Raises `FetchError`; `LookupError` where there is
    no such service, door or account.
    """
    service = lab.config.fetch if service is None else service
    way = _way(lab, account, password, service, encrypted)
    if SERVICES[service].protocol is not IMAP.protocol:
        return await fetch(**way, keep=keep, known=known, remove=remove, taken=taken)
    from maillab.client.imap import fetch_by_imap

    return await fetch_by_imap(**way, keep=keep, known=known, remove=remove, taken=taken)


@asynccontextmanager
async def read_mail(
    lab: Lab,
    account: str,
    password: str | None = None,
    *,
    service: str = IMAP.name,
    encrypted: bool = False,
    timeout: float = 60,
) -> AsyncIterator["RemoteMail"]:
    """Read the mail of an account where it lies, while the block lasts; `timeout` is in seconds for each answer.

    Raises as `fetch_mail`.
    """
    from maillab.client.imap import reading

    async with reading(**_way(lab, account, password, service, encrypted), timeout=timeout) as mail:
        yield mail


def _way(lab: Lab, account: str, password: str | None, service: str, encrypted: bool) -> dict[str, Any]:
    """How a client comes to the mail of an account. Raises `LookupError`."""
    door = lab.endpoint(account.rpartition("@")[2], service)
    by_imap = SERVICES[service].protocol is IMAP.protocol
    plaintext = lab.config.plaintext_imap if by_imap else lab.config.plaintext_pop3
    tls = tls_at(door)
    return {
        "host": door.host,
        "port": door.port,
        "user": account,
        "password": lab.password(account) if password is None else password,
        "tls": tls if encrypted or not plaintext or tls == "implicit" else "none",
        "context": lab.authority.client(),
        "plaintext_auth": True,
    }
