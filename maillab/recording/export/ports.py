"""Where a script finds the server of a recorded talk: the door of the lab in which the session was recorded.

Rules for this file: a lab that is described in a session is a stranger's word; what makes no sense is passed over.
"""

from typing import Any

from maillab.protocols.services import PORT_STEP, SERVICES, SMTP
from maillab.recording.talks import Talk


def door(lab: dict[str, Any], talk: Talk) -> int:
    """The port of this talk's server in such a lab; in a lab that was not described, the default lab's.

    >>> from maillab.events import Leg
    >>> lab = {"sites": [{"domain": "sender.test"}, {"domain": "recipient.test"}]}
    >>> door(lab, Talk("relay-1", Leg.RELAY, SMTP.name, "mx.recipient.test", False, ()))
    2025
    """
    sites = lab.get("sites")
    for number, site in enumerate(sites if isinstance(sites, list) else ()):
        if isinstance(site, dict) and _is_host_of(site, talk.server):
            return _chosen(site, talk.service) or _standard(talk.service, number)
    return _standard(talk.service, 1 if talk.leg in ("relay", "retrieve") else 0)


def _is_host_of(site: dict[str, Any], host: str) -> bool:
    names = [site.get("domain"), *(more if isinstance(more := site.get("domains"), list) else ())]
    domains = [name for name in names if isinstance(name, str) and name]
    return host == site.get("host") or any(host == name or host.endswith(f".{name}") for name in domains)


def _chosen(site: dict[str, Any], service: str) -> int:
    ports = site.get("ports")
    port = ports.get(service) if isinstance(ports, dict) else 0
    return port if isinstance(port, int) and 0 < port < 65_536 else 0


def _standard(service: str, number: int) -> int:
    port = SERVICES.get(service, SMTP).port + PORT_STEP * (number + 1)
    return port if port < 65_536 else SMTP.port + PORT_STEP
