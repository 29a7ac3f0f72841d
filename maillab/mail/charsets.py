"""Octets as text, in the character set that a message names: labels of the WHATWG Encoding Standard and of mail.

Rules for this file: nothing raises; only character sets of mail are tried, never another codec of Python. A narrow set
is read as the wider one that writers mean by its name, and one wrong octet costs one character, never the whole text.
"""

import re

from maillab.mail.normal import normal

_CODECS = {  # codecs, the best first: the labels that mean them (WHATWG Encoding Standard; mail's own after the bar)
    "utf-8": "utf-8 utf8 unicode-1-1-utf-8 unicode11utf8 unicode20utf8 x-unicode20utf8",
    "utf-16": "utf-16 unicode csunicode ucs-2 iso-10646-ucs-2 unicodefeff",
    "utf-16-le": "utf-16le",
    "utf-16-be": "utf-16be unicodefffe",
    "utf-32": "utf-32",
    "cp1252": "windows-1252 cp1252 x-cp1252 iso-8859-1 iso8859-1 iso88591 iso_8859-1 iso_8859-1:1987 iso-ir-100 l1 "
    "latin1 latin-1 csisolatin1 cp819 ibm819 us-ascii ascii ansi_x3.4-1968",
    "cp1250": "windows-1250 cp1250 x-cp1250",
    "cp1251": "windows-1251 cp1251 x-cp1251",
    "cp1253": "windows-1253 cp1253 x-cp1253",
    "cp1254": "windows-1254 cp1254 x-cp1254 iso-8859-9 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 iso-ir-148 l5 "
    "latin5 latin-5 csisolatin5",
    "cp1255": "windows-1255 cp1255 x-cp1255",
    "cp1256": "windows-1256 cp1256 x-cp1256",
    "cp1257": "windows-1257 cp1257 x-cp1257",
    "cp1258": "windows-1258 cp1258 x-cp1258",
    "cp874": "windows-874 dos-874 cp874 tis-620 iso-8859-11 iso8859-11 iso885911",
    "iso8859-2": "iso-8859-2 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 iso-ir-101 l2 latin2 latin-2 csisolatin2",
    "iso8859-3": "iso-8859-3 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 iso-ir-109 l3 latin3 latin-3 csisolatin3",
    "iso8859-4": "iso-8859-4 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 iso-ir-110 l4 latin4 latin-4 csisolatin4",
    "iso8859-5": "iso-8859-5 iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988 iso-ir-144 cyrillic csisolatincyrillic",
    "iso8859-6": "iso-8859-6 iso-8859-6-e iso-8859-6-i iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987 iso-ir-127 arabic "
    "asmo-708 ecma-114 csiso88596e csiso88596i csisolatinarabic",
    "iso8859-7": "iso-8859-7 iso8859-7 iso88597 iso_8859-7 iso_8859-7:1987 iso-ir-126 greek greek8 ecma-118 elot_928 "
    "sun_eu_greek csisolatingreek",
    "iso8859-8": "iso-8859-8 iso-8859-8-e iso-8859-8-i iso8859-8 iso88598 iso_8859-8 iso_8859-8:1988 iso-ir-138 hebrew "
    "visual logical csiso88598e csiso88598i csisolatinhebrew",
    "iso8859-10": "iso-8859-10 iso8859-10 iso885910 iso-ir-157 l6 latin6 latin-6 csisolatin6",
    "iso8859-13": "iso-8859-13 iso8859-13 iso885913 latin-7",
    "iso8859-14": "iso-8859-14 iso8859-14 iso885914 latin-8",
    "iso8859-15": "iso-8859-15 iso8859-15 iso885915 iso_8859-15 l9 latin-9 csisolatin9",
    "iso8859-16": "iso-8859-16 iso8859-16 latin-10",
    "koi8-r": "koi8-r koi8_r koi8 koi cskoi8r",
    "koi8-u": "koi8-u koi8-ru",
    "koi8-t": "koi8-t",
    "mac-roman": "macintosh mac csmacintosh x-mac-roman mac-roman",
    "mac-cyrillic": "x-mac-cyrillic x-mac-ukrainian",
    "cp437": "cp437 ibm437",
    "cp850": "cp850 ibm850",
    "cp852": "cp852 ibm852",
    "cp866": "ibm866 cp866 866 csibm866",
    "gb18030": "gb18030 gbk x-gbk cp936 gb2312 gb_2312 gb_2312-80 chinese csgb2312 csiso58gb231280 iso-ir-58",
    "hz": "hz-gb-2312",
    "big5hkscs cp950": "big5 big5-hkscs big5hkscs cn-big5 csbig5 x-x-big5 cp950",
    "cp932 shift_jis_2004": "shift_jis shift-jis sjis x-sjis ms_kanji ms932 windows-31j cp932 csshiftjis",
    "euc_jp euc_jis_2004": "euc-jp x-euc-jp cseucpkdfmtjapanese",
    "iso-2022-jp": "iso-2022-jp csiso2022jp iso-2022-jp-1 iso-2022-jp-2 iso-2022-jp-ms cp50220 cp50221",
    "cp949": "euc-kr cseuckr ks_c_5601-1987 ks_c_5601-1989 csksc56011987 ksc5601 ksc_5601 iso-ir-149 korean "
    "windows-949 cp949 uhc",
    "iso2022_kr": "iso-2022-kr csiso2022kr",
    "viscii": "viscii csviscii viscii1.1-1",
}
_BY_LABEL = {label: codecs.split() for codecs, labels in _CODECS.items() for label in labels.split()}

# RFC 1456: the upper half, and the six controls that became letters
_VISCII = dict(zip((2, 5, 6, 20, 25, 30), "ẲẴẪỶỸỴ", strict=True)) | dict(
    enumerate(
        "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯ"
        "ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡưàáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ",
        128,
    )
)
_ESCAPE = re.compile(rb"\x1b(\$\(D|\$[@B]|\([BJI])")  # RFC 1468: which set the octets after it belong to


def known(charset: str) -> bool:
    """Is this the name of a character set that can be read?

    >>> known("GB2312"), known("unicode_escape")
    (True, False)
    """
    return charset.strip().lower() in _BY_LABEL


def text_of(octets: bytes, charset: str = "") -> tuple[str, bool]:
    """Octets as text in NFC, and were they understood. Without a character set, or with an unknown one, it is guessed.

    >>> text_of(b"caf\\xe9", "iso-8859-1"), text_of(b"\\xff", "unicode_escape")
    (('café', True), ('ÿ', False))
    """
    codecs = _BY_LABEL.get(charset.strip().lower())
    if codecs is None or codecs == ["utf-8"]:
        text, understood = _utf_8(octets, sure=codecs is not None)
        understood = understood and (codecs is not None or not charset or octets.isascii())
    else:
        text, understood = _decoded(octets, codecs)
    return normal("NFC", text.removeprefix("\ufeff")), understood


def _utf_8(octets: bytes, *, sure: bool) -> tuple[str, bool]:
    """As UTF-8; where nobody said that it is and little speaks for it, as windows-1252, which takes every octet."""
    try:
        return octets.decode("utf-8"), True
    except UnicodeDecodeError:
        text = octets.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if sure or sum(not char.isascii() for char in text) >= 2 * broken:
        return text, False
    return _windows(octets, "cp1252"), False


def _decoded(octets: bytes, codecs: list[str]) -> tuple[str, bool]:
    if codecs == ["viscii"]:
        return octets.decode("latin-1").translate(_VISCII), True
    if codecs == ["iso-2022-jp"]:
        text = _iso_2022_jp(octets)
        return text, "\ufffd" not in text
    for codec in codecs:
        try:
            return octets.decode(codec), True
        except UnicodeError:
            continue
    if codecs[0].startswith("cp125"):
        return _windows(octets, codecs[0]), False
    return octets.decode(codecs[0], "replace"), False


def _windows(octets: bytes, codec: str) -> str:
    """A code page of Windows, whose few empty places are controls, as every browser has them."""
    text = octets.decode(codec, "surrogateescape")
    return "".join(chr(ord(char) - 0xDC00) if "\udc80" <= char <= "\udcff" else char for char in text)


def _iso_2022_jp(octets: bytes) -> str:
    """ISO-2022-JP (RFC 1468) with the rows that Windows added, half-width katakana and JIS X 0212."""
    pieces = _ESCAPE.split(octets)
    text = [pieces[0].decode("ascii", "replace")]
    for escape, run in zip(pieces[1::2], pieces[2::2], strict=True):
        text.append(_run(escape, run))
    return "".join(text)


def _run(escape: bytes, run: bytes) -> str:
    if escape in (b"(B", b"(J"):
        return run.decode("ascii", "replace")
    if escape == b"(I":
        return bytes(octet | 0x80 if 0x21 <= octet <= 0x5F else octet for octet in run).decode("cp932", "replace")
    if escape == b"$(D":
        high = bytes(octet | 0x80 for octet in run)
        pairs = (high[at : at + 2] for at in range(0, len(high), 2))
        return b"".join(b"\x8f" + pair for pair in pairs).decode("euc_jp", "replace")
    return b"".join(_shifted(run[at], run[at + 1]) for at in range(0, len(run) - 1, 2)).decode("cp932", "replace")


def _shifted(row: int, cell: int) -> bytes:
    """A character of JIS X 0208, as Shift_JIS writes it."""
    if not (0x21 <= row <= 0x7E and 0x21 <= cell <= 0x7E):
        return bytes([row & 0x7F, cell & 0x7F])  # a line end inside: some writers forget the escape before it
    lead = (row - 0x21) // 2 + (0x81 if row < 0x5F else 0xC1)
    trail = cell + (0x1F if cell < 0x60 else 0x20) if row % 2 else cell + 0x7E
    return bytes([lead, trail])
