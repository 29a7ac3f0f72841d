"""The name server of a lab: which zones it serves for the sites as they stand, and what a person has edited of them."""

import asyncio
from collections.abc import Mapping
from functools import partial

from maillab.config import Config
from maillab.endpoints import HOST, BusyPort, Endpoint
from maillab.logbook import Logbook
from maillab.nameserver.default import catching, default_zone, second_zone
from maillab.nameserver.server import NameServer
from maillab.nameserver.summary import ZoneSummary, absolute, summaries
from maillab.nameserver.zone import Zones
from maillab.protocols.services import DNS
from maillab.rules.live import Rules

Ports = Mapping[str, Mapping[str, int]]  # of each site, by the names of their services


class LabNames:
    """One name server for all sites, from `open` to `close`. `ports` says where the doors of `config` are.

    It may be told of other settings at any moment (`serve`); zones that were edited stay as they are.
    """

    def __init__(self, logbook: Logbook, rules: Rules) -> None:
        self._logbook = logbook
        self._rules = rules
        self._edited: dict[str, str] = {}  # zones that a person has edited: origin, text
        self._config: Config
        self._ports: Ports
        self._server: NameServer | None = None
        self.zones: tuple[ZoneSummary, ...] = ()  # that are served; zones for caught names are not among them

    async def open(self, config: Config, ports: Ports, port: int) -> Endpoint:
        """Listen at this port, 0 for any. Raises `ZoneError`, `BusyPort`."""
        self._config, self._ports = config, ports
        server = NameServer(await self._read(), self._logbook, f"ns.{config.sites[0].domain}", rules=self._rules)
        try:
            taken = await server.start(HOST, port)
        except OSError as error:
            raise BusyPort(DNS.name, port, error) from error
        self._server = server
        return Endpoint("", DNS.name, HOST, taken, "none", False, DNS.purpose)

    async def close(self) -> None:
        """Stop listening."""
        if self._server is not None:
            await self._server.close()

    async def serve(self, config: Config, ports: Ports) -> None:
        """Serve what follows from these settings; nothing before it is open. Raises `ZoneError`."""
        if self._server is not None:
            self._config, self._ports = config, ports
            self._server.zones = await self._read()

    async def edit(self, origin: str, text: str) -> None:
        """Serve this text for a zone from now on. Raises `ZoneError`, and the zone before is served on; `LookupError`
        for a zone that is not served.
        """
        if self._server is None or origin not in {zone.origin for zone in self.zones}:
            raise LookupError(f"no zone {origin}")
        before = dict(self._edited)
        self._edited[origin] = text
        try:
            self._server.zones = await self._read()
        except BaseException:
            self._edited = before
            raise

    async def _read(self) -> Zones:
        """The zones of all sites, those that were described, and the names whose mail is caught."""
        config, texts = self._config, []
        catcher = config.sites[-1].mx
        caught = partial(catching, catcher=catcher) if config.catch_all else str
        for site in config.sites:
            texts.append((site.domain, site.zone or caught(default_zone(site.domain, ports=self._ports[site.domain]))))
            texts += [(name, caught(second_zone(name, site=site.domain, mx=site.mx))) for name in site.domains]
        texts += [(zone.origin, zone.text) for zone in config.zones]
        texts = [(origin, self._edited.get(absolute(origin), text)) for origin, text in texts]
        read = partial(Zones.read, texts, caught=config.caught_origins, catcher=catcher)
        zones = await asyncio.to_thread(read)
        self.zones = summaries(zones, texts, self._edited)
        return zones
