"""The lab that another process runs: found by its folder, asked for its doors, which may be on any port."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from maillab.config import Config
    from maillab.endpoints import Endpoint
    from maillab.notice import Notice
    from maillab.protocols.services import Service


def find_running_lab(args: argparse.Namespace) -> "Notice | None":
    """The lab that runs in the folder that the options name; `None` when none does. Raises `NoticeError`."""
    from maillab.cli.options import lab_path
    from maillab.notice import running

    folder = lab_path(args)
    return running(folder) if folder is not None else None


def door_of(lab: "Notice", site: str, service: str) -> "Endpoint":
    """Where a service of a site answers. Raises `TargetError` when that lab has no such door."""
    from maillab.cli.target import TargetError

    try:
        return lab.endpoint(site, service)
    except LookupError:
        doors = ", ".join(door.service for door in lab.endpoints if door.site == site) or "none"
        raise TargetError(
            f"the lab in {lab.lab} (process {lab.pid}) has no {service} at {site}\n  its services there are: {doors}"
        ) from None


def usual_site(config: "Config", service: "Service") -> str:
    """Where a service is used when no site is named: messages come from the first site, and are read at the second."""
    return config.sites[0 if service.takes_messages else min(1, len(config.sites) - 1)].domain


def silent(lab: "Notice", door: "Endpoint") -> str:
    """What to say when nobody answers at a door of that lab."""
    return (
        f"the lab in {lab.lab} (process {lab.pid}) has its {door.service} at {door.host} port {door.port}, "
        "but nothing answers there\n"
        "  likely the machine was switched off in its window\n"
        "  or take a lab of your own: the same command with --ephemeral"
    )
