"""How a program is told where a service of a lab is: the values, and a row of a table in which they are filled in.

A line stands where all words of its condition hold: `login`, `starttls`, `implicit`, `tls` (one of the two), `plain`
(none), the name of the protocol; "" holds always. Every value in braces comes quoted as its language wants it.
"""

import shlex
from collections.abc import Callable
from dataclasses import asdict, dataclass
from urllib.parse import quote

Quote = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class MailSettings:
    """A service of a running lab, and who uses it. `tls` is none, starttls or implicit; `user` is "" without login."""

    host: str
    port: int
    tls: str
    user: str
    password: str
    sender: str
    recipient: str
    certificate: str
    protocol: str = "smtp"

    @property
    def url(self) -> str:
        """The same in one word, as nodemailer and Symfony read it.

        >>> MailSettings("127.0.0.1", 1465, "implicit", "a@x", "p/w", "", "", "").url
        'smtps://a%40x:p%2Fw@127.0.0.1:1465'
        """
        who = f"{quote(self.user, safe='')}:{quote(self.password, safe='')}@" if self.user else ""
        return f"{self.protocol}{'s' if self.tls == 'implicit' else ''}://{who}{self.host}:{self.port}"

    @property
    def sendmail(self) -> str:
        """A command that reads a message from stdin, as sendmail does (msmtp)."""
        words = ["msmtp", f"--host={self.host}", f"--port={self.port}", f"--from={self.sender}", "--read-recipients"]
        if self.tls != "none":
            starttls = "on" if self.tls == "starttls" else "off"
            words += ["--tls=on", f"--tls-starttls={starttls}", f"--tls-trust-file={self.certificate}"]
        if self.user:
            words += ["--auth=on", f"--user={self.user}", f"--passwordeval=printf %s {shlex.quote(self.password)}"]
        return shlex.join(words)

    @property
    def conditions(self) -> set[str]:
        """Which lines stand."""
        tls = "plain" if self.tls == "none" else "tls"
        return {tls, self.tls, self.protocol, *(["login"] if self.user else [])}


@dataclass(frozen=True, slots=True)
class Program:
    """`where` the lines belong, as a comment in their first line; `quote` writes a text as the language does."""

    where: str
    quote: Quote
    lines: tuple[tuple[str, str], ...]

    def settings(self, place: MailSettings) -> str:
        """The lines for this place, each ended by LF."""
        joined = {"where": f"{place.host}:{place.port}", "login": f"{place.user}:{place.password}"}
        texts = asdict(place) | joined | {"url": place.url, "sendmail": place.sendmail}
        values = {name: self.quote(str(text)) for name, text in texts.items()}
        values |= {"port": str(place.port), "protocol": place.protocol, "NAME": place.protocol.upper()}
        lines = [line.format(**values) for when, line in self.lines if place.conditions >= set(when.split())]
        return "\n".join([self.where, *lines] if self.where else lines) + "\n"
