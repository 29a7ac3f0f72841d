"""Line ends, looked at in a whole block at once: message by message it is the most that octets are asked for."""

_IS_CR, _IS_LF = (bytes(octet == end for octet in range(256)) for end in b"\r\n")


def all_crlf(octets: bytes) -> bool:
    """Does every CR stand before an LF, and every LF behind a CR?

    >>> [all_crlf(octets) for octets in (b"", b"a\\r\\nb", b"a\\nb", b"a\\rb", b"\\n", b"a\\r", b"\\r\\r\\n")]
    [True, True, False, False, False, False, False]
    """
    # counting CR, LF and their pairs takes twice as long, and an expression that looks behind thirty times
    return (b"\0" + octets).translate(_IS_CR) == (octets + b"\0").translate(_IS_LF)
