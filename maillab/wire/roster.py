"""Who lives at a site: names and passwords, as every door asks for them.

Passwords are kept plain, because CRAM-MD5, APOP and the lessons need them; a lab's passwords protect nothing.
"""

from collections.abc import Mapping

from maillab.mail.address import Address
from maillab.mail.reply import Refused


class Roster:
    """The people of one domain (a `wire.sasl.People`). They are known by the whole address or the name before the @.

    >>> Roster("sender.test", {"alice": "secret"}).canonical("Alice")
    'alice@sender.test'
    """

    def __init__(self, domain: str, passwords: Mapping[str, str]) -> None:
        self._domain = domain
        self._passwords = {Address(name, domain).key: (name, password) for name, password in passwords.items()}

    def password(self, user: str) -> str | None:
        """The password of `user`, None for a stranger."""
        found = self._find(user)
        return found[1] if found else None

    def canonical(self, user: str) -> str:
        """The whole address of somebody known; a stranger's name as it came."""
        found = self._find(user)
        return str(Address(found[0], self._domain)) if found else user

    def owns(self, user: str, address: Address) -> bool:
        """May `user` (in canonical form) write in the name of `address`: their own, with plus-addresses?"""
        name = address.key[0].partition("+")[0]
        found = self._passwords.get((name, address.key[1]))
        return found is not None and str(Address(found[0], self._domain)) == user

    def _find(self, user: str) -> tuple[str, str] | None:
        try:
            address = Address.parse(user if "@" in user else f"{user}@{self._domain}")
        except Refused:
            return None
        return self._passwords.get(address.key)
