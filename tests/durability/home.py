"""Fetches a mailbox by POP3 into a file at home, and has it deleted on the server: `... PORT USER PASSWORD FOLDER`."""

import asyncio
import sys
from pathlib import Path

from maillab.client.local_store import LocalStore
from maillab.client.pop3 import fetch


async def bring_home(port: int, user: str, password: str, folder: Path) -> None:
    """As the window does (`lab_actions.retrieve`)."""
    store = LocalStore(folder / "home.db")

    def taken(uid: str, octets: bytes) -> None:
        store.put(user, octets, 0.0, uidl=uid)

    await fetch("127.0.0.1", port, user, password, tls="none", plaintext_auth=True, keep=False, taken=taken)
    store.close()


if __name__ == "__main__":
    asyncio.run(bring_home(int(sys.argv[1]), *sys.argv[2:4], Path(sys.argv[4])))
