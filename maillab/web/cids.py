"""The names by which a page of HTML shows parts that come with it: cid:NAME (RFC 2392).

Quiet. Both message and page are a stranger's: there may be a hundred thousand of either, and one picture may be named
in a thousand places.
"""

import re
from collections.abc import Mapping
from urllib.parse import unquote

_CID = re.compile(r"(?i)(?<=[\"'(=])\s{0,9}cid:([!-~]{1,200}?)(?=[\"')\s>])")


def named(html: str) -> frozenset[str]:
    """Every part that a page shows.

    >>> sorted(named('<img src="cid:a%40x"> <td background=cid:b >'))
    ['a@x', 'b']
    """
    return frozenset(unquote(name) for name in _CID.findall(html))


def put_in(html: str, addresses: Mapping[str, str], room: int) -> str:
    """The page with these addresses for the names, as long as they add at most `room` characters.

    >>> put_in('<img src="cid:a"><img src="cid:a">', {"a": "data:,a"}, 10)
    '<img src="data:,a"><img src="cid:a">'
    """

    def shown(match: re.Match[str]) -> str:
        nonlocal room
        address = addresses.get(unquote(match[1]), "")
        if not 0 < len(address) <= room:
            return match[0]
        room -= len(address)
        return address

    return _CID.sub(shown, html)
