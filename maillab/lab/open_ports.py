"""The ports at which a lab listens, in what a session says of it: a command made from the session goes there."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from maillab.lab.premises import Premises


def with_open_ports(table: dict[str, Any], lab: "Premises") -> dict[str, Any]:
    """A lab as a session describes it; sites that are running have the ports at which they listen."""
    sites = table.get("sites")
    if not isinstance(sites, list):
        return table
    return {**table, "sites": [_with_open_ports(site, lab) for site in sites]}


def _with_open_ports(site: Any, lab: "Premises") -> Any:
    """Rules for this function: what a session describes is a stranger's word, so anything may stand there."""
    if not isinstance(site, dict):
        return site
    open_ports = {door.service: door.port for door in lab.endpoints if door.site == site.get("domain")}
    told = site.get("ports")
    return {**site, "ports": {**(told if isinstance(told, dict) else {}), **open_ports}}
