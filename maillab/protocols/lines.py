"""Lines: cutting a stream of octets at CRLF, and the dots that SMTP and POP3 add before a dot (RFC 5321 §4.5.2)."""


class LineTooLong(ValueError):  # noqa: N818 - named for what happened
    """More octets than the limit came without a line end; `octets` is all that was not given as lines."""

    def __init__(self, octets: bytes) -> None:
        super().__init__("too many octets without a line end")
        self.octets = octets


class Lines:
    """Cuts a stream into lines at LF, each with its exact ending; keeps the unfinished rest.

    >>> lines = Lines()
    >>> lines.feed(b"USER bob\\r\\nPA"), lines.feed(b"SS x\\r\\n"), lines.rest
    ([b'USER bob\\r\\n'], [b'PASS x\\r\\n'], b'')
    """

    def __init__(self, limit: int = 0) -> None:
        self._limit = limit
        self._pieces: list[bytes] = []
        self._held = 0

    @property
    def rest(self) -> bytes:
        """Octets of a line that has not ended yet."""
        return b"".join(self._pieces)

    def feed(self, data: bytes) -> list[bytes]:
        """Complete lines, in order. Raises `LineTooLong` when `limit` octets came without an end."""
        if b"\n" not in data:
            self._hold(data)
            return []
        *whole, rest = data.split(b"\n")
        lines = [line + b"\n" for line in whole]
        if self._pieces:
            lines[0] = self.rest + lines[0]
            self._pieces, self._held = [], 0
        if self._limit and len(rest) > self._limit:
            raise LineTooLong(b"".join(lines) + rest)
        if rest:
            self._hold(rest)
        return lines

    def _hold(self, data: bytes) -> None:
        self._pieces.append(data)
        self._held += len(data)
        if self._limit and self._held > self._limit:
            octets, self._pieces, self._held = self.rest, [], 0
            raise LineTooLong(octets)


def stuff(content: bytes) -> bytes:
    """A dot before every line that begins with one, and CRLF at the end if it lacks one; the end mark is not added.

    >>> stuff(b"a\\r\\n.b\\r\\n..c")
    b'a\\r\\n..b\\r\\n...c\\r\\n'
    """
    if content.startswith(b"."):
        content = b"." + content
    content = content.replace(b"\n.", b"\n..")
    return content if not content or content.endswith(b"\r\n") else content + b"\r\n"


def unstuff(wire: bytes) -> bytes:
    """The opposite of `stuff`, for octets that stood before the end mark.

    >>> unstuff(b"a\\r\\n..b\\r\\n")
    b'a\\r\\n.b\\r\\n'
    """
    if wire.startswith(b"."):
        wire = wire[1:]
    return wire.replace(b"\r\n.", b"\r\n")
