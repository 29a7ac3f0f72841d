"""The services of a site: their ports, and what a person may set for each in `[sites.services.NAME]`."""

from typing import Literal

import msgspec

STANDARD_PORTS = {"smtp": 25, "submission": 587, "submissions": 465, "pop3": 110, "pop3s": 995}
PORT_STEP = 1000  # the first site's ports are the standard ones + 1000, the second's + 2000...
IMPLICIT = ("submissions", "pop3s")  # TLS from the first octet

_SMTP = (
    "PIPELINING",
    "SIZE",
    "STARTTLS",
    "AUTH",
    "ENHANCEDSTATUSCODES",
    "8BITMIME",
    "SMTPUTF8",
    "CHUNKING",
    "DSN",
    "LIMITS",
    "HELP",
)
_POP3 = (
    "STLS",
    "USER",
    "SASL",
    "UTF8",
    "LANG",
    "UIDL",
    "TOP",
    "PIPELINING",
    "RESP-CODES",
    "AUTH-RESP-CODE",
    "EXPIRE",
    "IMPLEMENTATION",
)
EXTENSIONS = {"smtp": _SMTP, "submission": _SMTP, "submissions": _SMTP, "pop3": _POP3, "pop3s": _POP3}

Login = Literal["off", "optional", "required", "anybody"]
Sender = Literal["any", "own"]


class Service(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How one service of a site behaves; what is not said (None) is the service's custom, see `custom`.

    `tls`: STARTTLS is offered. `login`: nobody can log in (off), people of the site may (optional) or must (required),
    or any name with any password is taken and none is needed (anybody). `sender`: any address may be used as sender,
    or only one's own. `without`: extensions that are neither announced nor obeyed.
    """

    tls: bool | None = None
    login: Login | None = None
    sender: Sender | None = None
    without: tuple[str, ...] = ()


def custom(name: str, *, tls: bool, trusted: bool, visited: bool) -> Service:
    """What a service does when nobody said anything.

    `tls`: the site has certificates. `trusted`: its port 25 is also the door for programs on this computer, which often
    upgrade to TLS wherever they can and then distrust the lab's authority. `visited`: other servers log in there.

    >>> custom("smtp", tls=True, trusted=True, visited=False)
    Service(tls=False, login='anybody', sender='any', without=())
    """
    if name == "smtp" and trusted:
        return Service(False, "anybody", "any")
    if name == "smtp":
        return Service(tls, "optional" if visited else "off", "any")
    return Service(tls, "required", "own")


def settled(said: Service, usual: Service) -> Service:
    """The settings in force: what was said, else the custom.

    >>> settled(Service(tls=True), Service(False, "anybody", "any"))
    Service(tls=True, login='anybody', sender='any', without=())
    """
    tls = usual.tls if said.tls is None else said.tls
    return Service(tls, said.login or usual.login, said.sender or usual.sender, said.without)
