"""The HTTP door of a lab that a command starts: at which port, if it has one."""

import argparse
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from maillab.config import Config
    from maillab.lab import Lab
    from maillab.web.door import HttpDoor
    from maillab.web.terminal.door import WebWindow


def http_port(args: argparse.Namespace, config: "Config") -> int:
    """The port at which programs may ask; -1 for none. Not every command that opens the window has the option."""
    asked: int | None = getattr(args, "http", None)
    return config.http_port if asked is None else asked


def http_door(
    args: argparse.Namespace, lab: "Lab", free: bool, *, host: str = "", token: str = ""
) -> "AbstractAsyncContextManager[HttpDoor | None]":
    """The door, open while it is entered, or nothing; `free`: at any port. Raises `BusyPort` when it is entered."""
    port = http_port(args, lab.config)
    if port < 0:
        return nullcontext()
    from maillab.endpoints import HOST
    from maillab.web.door import HttpDoor  # Starlette and uvicorn cost 150 ms: only who opens the door pays

    return HttpDoor(lab, 0 if free else port, host or HOST, token)


def tell_of_token(door: "HttpDoor | WebWindow | None") -> None:
    """One that was made is said once, here: nobody else knows it. One that somebody chose is never repeated."""
    from maillab.cli.language import say
    from maillab.cli.options import tell

    if door is not None and door.made_token and door.admission is not None:
        link = door.link(door.admission.way_in)
        tell(say(f"token of the HTTP door: {door.made_token}\nin a browser, once: {link}"))
