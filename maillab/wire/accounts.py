"""Who may log in at a site: its people with their passwords, or anybody.

Passwords are kept plain, because CRAM-MD5, APOP and the lessons need them; a lab's passwords protect nothing.
"""

from collections.abc import Iterable, Mapping

from maillab.mail.address import Address
from maillab.mail.reply import Refused


class Accounts:
    """The people of one site (a `wire.sasl.People`). They are known by the whole address or the name before the @.

    `second` are further domains of the site: the same people, by another address.

    >>> accounts = Accounts("sender.test", {"alice": "secret"}, second=["example.org"])
    >>> accounts.canonical("Alice"), accounts.canonical("alice@example.org")
    ('alice@sender.test', 'alice@sender.test')
    """

    def __init__(self, domain: str, passwords: Mapping[str, str], *, second: Iterable[str] = ()) -> None:
        self._domain = domain
        self._passwords = {
            Address(name, each).key: (name, password)
            for each in (domain, *second)
            for name, password in passwords.items()
        }

    takes_anything = False

    def password(self, user: str) -> str | None:
        """The password of `user`, None for a stranger."""
        row = self._find(user)
        return row[1] if row else None

    def canonical(self, user: str) -> str:
        """The whole address of somebody known; a stranger's name as it came."""
        row = self._find(user)
        return str(Address(row[0], self._domain)) if row else user

    def owns(self, user: str, address: Address) -> bool:
        """May `user` (in canonical form) write in the name of `address`: their own, with plus-addresses?"""
        name = address.key[0].partition("+")[0]
        row = self._passwords.get((name, address.key[1]))
        return row is not None and str(Address(row[0], self._domain)) == user

    def _find(self, user: str) -> tuple[str, str] | None:
        try:
            address = Address.parse(user if "@" in user else f"{user}@{self._domain}")
        except Refused:
            return None
        return self._passwords.get(address.key)


class Anybody:
    """Everybody with any password (a `wire.sasl.People`), by the name that they give."""

    takes_anything = True

    def __init__(self, domain: str) -> None:
        self._domain = domain

    def password(self, user: str) -> None:
        """Nobody's password is known, because none is asked for."""

    def canonical(self, user: str) -> str:
        """The name as an address, of this domain where it names none; what is no address is put in quotes.

        >>> Anybody("sender.test").canonical("App@Shop.example"), Anybody("sender.test").canonical("Ann Lee")
        ('app@shop.example', '"ann lee"@sender.test')
        """
        try:
            address = Address.parse(user if "@" in user else f"{user}@{self._domain}")
        except Refused:
            address = Address(user, self._domain)
        return str(Address(*address.key))
