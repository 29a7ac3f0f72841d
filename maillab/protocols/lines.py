"""Lines: cutting a stream of octets at CRLF, and the dots that SMTP and POP3 add before a dot (RFC 5321 §4.5.2)."""


class Lines:
    """Cuts a stream into lines at LF, each with its exact ending; keeps the unfinished rest.

    >>> lines = Lines()
    >>> lines.feed(b"USER bob\\r\\nPA"), lines.feed(b"SS x\\r\\n"), lines.rest
    ([b'USER bob\\r\\n'], [b'PASS x\\r\\n'], b'')
    """

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    @property
    def rest(self) -> bytes:
        """Octets of a line that has not ended yet."""
        return b"".join(self._pieces)

    def feed(self, data: bytes) -> list[bytes]:
        """Complete lines, in order."""
        *ended, rest = data.split(b"\n")
        lines = [line + b"\n" for line in ended]
        if lines and self._pieces:
            lines[0] = self.rest + lines[0]
            self._pieces = []
        if rest:
            self._pieces.append(rest)
        return lines


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
