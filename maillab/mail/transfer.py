"""Transfer encodings undone: base64, quoted-printable, uuencode (RFC 2045 §6). Nothing raises.

Rules for this file: what cannot be decoded is given as it is.
"""

import binascii
import re
from dataclasses import dataclass

from maillab.mail.decode import unbase64
from maillab.mail.uuencode import taken_out

_UUENCODE = {"x-uuencode", "uuencode", "x-uue", "uue"}
_PLAIN = {"", "7bit", "8bit", "binary"}
_PADDING = re.compile(rb"(?<![ \t])[ \t]+(?=\r?\n|\Z)")


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A body without its transfer encoding, and the name of the file in it, if that is how it is encoded.

    `is_known`: the body is encoded in a way that is read here.
    """

    octets: bytes
    files: tuple[tuple[bytes, bytes], ...] = ()
    is_known: bool = True


def unpacked(body: bytes, encoding: str) -> Unpacked:
    """Undo an encoding, which is named in small letters.

    >>> unpacked(b"Y2Fm6Q==", "base64").octets, unpacked(b"a=3Db", "quoted-printable").octets
    (b'caf\\xe9', b'a=b')
    """
    match encoding:
        case "base64":
            return Unpacked(unbase64(body))
        case "quoted-printable":
            return Unpacked(binascii.a2b_qp(_PADDING.sub(b"", body)))  # RFC 2045 §6.7 (3)
        case _ if encoding in _UUENCODE and (files := taken_out(body)[1]):
            return Unpacked(files[0][1], files[:1])
        case _:
            return Unpacked(body, is_known=encoding in _PLAIN)
