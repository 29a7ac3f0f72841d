"""One-time codes in the text of a message: what a person would type into the form that asks for it."""

import re

_CODE = re.compile(
    r"(?<![\w@#/=&?.:,+$€£-])"  # not the middle of a word, an address, a link, a price, a time
    r"(?:[A-Z]{1,3}-)?"  # "G-123456" is typed without its prefix
    r"(?P<code>\d{3}[ -]\d{3}|\d{4,8}|(?=[A-Z0-9]{0,7}\d)(?=[A-Z0-9]{0,7}[A-Z])[A-Z0-9]{5,8})"
    r"(?![\w@/=&%-]|[.,:]\d)"
)
_NAMED = re.compile(r"(?i)\b(?:code|otp|pin|passcode|password|token|mã|mật khẩu)\b")
_YEAR = re.compile(r"(?:19|20)\d\d\Z")
_NEAR = 60  # characters between the word "code" and the code
_LOOKED_AT = 65_536  # characters of a text


def find_code(text: str) -> str:
    """The code in a text, without spaces and hyphens; "" where there is none.

    The first one on the line that names it, or close behind such a word; else the first that is no year.

    >>> find_code("Your order 20391 of 2026.\\nYour code is 482 910."), find_code("Hi Bob\\n\\nAB12CD\\n")
    ('482910', 'AB12CD')
    """
    text = text[:_LOOKED_AT]
    codes = [(match.start("code"), re.sub("[ -]", "", match["code"])) for match in _CODE.finditer(text)]
    for name in _NAMED.finditer(text):
        for start, code in codes:
            if 0 <= start - name.end() <= _NEAR:
                return code
    for name in _NAMED.finditer(text):  # "482910 is your code"
        for start, code in reversed(codes):
            if 0 <= name.start() - start <= _NEAR and "\n" not in text[start : name.start()]:
                return code
    return next((code for _, code in codes if not _YEAR.match(code)), "")
