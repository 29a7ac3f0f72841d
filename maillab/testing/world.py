"""The lab of a recorded session, built again for a test file that was exported from it.

Everybody's password is their name: a session holds none. The queues are held where the file hands the messages on
itself, talk by talk, as it was recorded; otherwise each message would be handed on twice.
"""

from typing import Any

from maillab.config import Config, default
from maillab.config_file import from_table
from maillab.endpoints import Endpoint
from maillab.lab import Lab
from maillab.lab.passing_time import let_time_pass
from maillab.protocols.services import SMTP
from maillab.testing.lab import RunningLab

_OF_THE_WINDOW = ("keys", "theme")


def world(table: dict[str, Any]) -> Config:
    """The configuration that a session describes; the default lab where it describes none. Raises `ConfigError`.

    >>> world({"sites": [{"domain": "x.test", "people": [{"name": "eve"}]}]}).sites[0].people
    (Person(name='eve', password='eve'),)
    """
    if not table:
        return default()
    table = {key: value for key, value in table.items() if key not in _OF_THE_WINDOW}
    if isinstance(sites := table.get("sites"), list):
        table["sites"] = [_with_passwords(site) for site in sites]
    if isinstance(hosts := table.get("hosts"), dict):  # a port of that computer is somebody else's on this one
        table["hosts"] = {host: where if isinstance(where, str) else 0 for host, where in hosts.items()}
    return from_table(table, "the session's lab")


def _with_passwords(site: Any) -> Any:
    if not isinstance(site, dict):
        return site
    opened = dict(site)
    if isinstance(people := site.get("people"), list):
        opened["people"] = [_own(person, "name") for person in people]
    if isinstance(logins := site.get("server_auth"), dict):
        opened["server_auth"] = {domain: _own(login, "user") for domain, login in logins.items()}
    if "services" not in site:  # recorded when every port 25 still offered STARTTLS
        opened["services"] = {SMTP.name: {"tls": bool(site.get("tls", True))}}
    return opened


def _own(who: Any, key: str) -> Any:
    return {**who, "password": str(who.get(key, "")).partition("@")[0]} if isinstance(who, dict) else who


class RecordedLab(RunningLab):
    """A context manager. `table` is the lab of a session's header; `hold` keeps every queue still."""

    def __init__(self, table: dict[str, Any], *, hold: bool = False) -> None:
        super().__init__(world(table))
        self._hold = hold

    def __enter__(self) -> "RecordedLab":
        super().__enter__()

        async def pause(lab: Lab) -> None:
            for site in lab.config.sites:
                lab.dispatcher(site.domain).pause()

        if self._hold:
            self.ask(pause).result()
        return self

    def advance(self, seconds: float) -> None:
        """Let time pass in the lab."""
        self.ask(lambda lab: let_time_pass(lab, seconds)).result()

    def door(self, host: str, service: str) -> Endpoint:
        """Where a service of this host listens. Raises `LookupError`."""
        for site in self.lab.config.sites:
            if host in (site.mx, site.domain) or host.endswith(f".{site.domain}"):
                return self.endpoint(site.domain, service)
        raise LookupError(f"no {service} at {host}")
