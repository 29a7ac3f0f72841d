"""The zones that a site has when nobody wrote them: master files that a student can read from top to bottom."""

from collections.abc import Mapping

from maillab.protocols import services

_ZONE = """\
; The zone of {domain}: what the name server answers for this domain.
; One record a line: name, type, data. A name without a dot at its end is completed with ".{domain}.",
; and @ stands for the domain itself. Everything after a semicolon is a comment.

$TTL 3600                       ; seconds for which others may remember an answer

; Start of authority: first server, person in charge (hostmaster@{domain}), then five numbers:
; serial, refresh, retry, expire, and the seconds for which "there is no such name" may be remembered.
@       SOA     ns hostmaster 1 3600 600 604800 300
@       NS      ns              ; this zone's name server

; Where messages for anyone@{domain} are delivered. The lowest number is tried first.
@       MX      10 mx

; The machines. All of them are this computer.
ns      A       127.0.0.1       ; the name server
mx      A       127.0.0.1       ; receives messages from other servers
mail    A       127.0.0.1       ; serves the people of this domain

; Who may send messages from @{domain} (SPF): the machines named under MX; others are suspect.
@       TXT     "v=spf1 mx ~all"
"""


def default_zone(domain: str, *, ports: Mapping[str, int]) -> str:
    """Master-file text of one site's zone. `ports` by service, for those that can be reached.

    >>> print(default_zone("recipient.test", ports={services.POP3.name: 2110}).splitlines()[-1])
    _pop3._tcp         SRV 0 1 2110 mail  ; to fetch messages
    """
    text = _ZONE.format(domain=domain)
    offered = [service for service in services.of_a_site() if service.for_people and service.name in ports]
    if offered:
        text += "\n; Where mail programs find their servers: priority, weight, port, host.\n"
    for service in offered:  # by the names of RFC 6186 §3 and RFC 8314 §5.1
        text += f"{f'_{service.name}._tcp':<18} SRV 0 1 {ports[service.name]} mail  ; {service.purpose}\n"
    return text


_SECOND = """\
; The zone of {domain}: a second name of {site}. Its machines are the same.

$TTL 3600
@       SOA     ns.{site}. hostmaster.{site}. 1 3600 600 604800 300
@       NS      ns.{site}.
@       MX      10 {mx}.
@       TXT     "v=spf1 mx ~all"
"""


def second_zone(domain: str, *, site: str, mx: str) -> str:
    """Master-file text for another domain of the site `site`, whose host `mx` receives its messages.

    >>> second_zone("example.org", site="sender.test", mx="mx.sender.test").splitlines()[5]
    '@       MX      10 mx.sender.test.'
    """
    return _SECOND.format(domain=domain, site=site, mx=mx)


def catching(zone: str, catcher: str) -> str:
    """The same zone where mail for every other name below it is caught, too (RFC 4592): `catcher` receives it.

    >>> catching("@ MX 10 mx\\n", "mx.recipient.test").splitlines()[-1]
    '*       MX      10 mx.recipient.test.'
    """
    return f"{zone}\n; Messages for every other name below this one are caught.\n*       MX      10 {catcher}.\n"
