"""How a message is told."""

import pytest

from maillab.client.read import read
from maillab.web.mailpit.told import part, unsubscribing


@pytest.mark.parametrize(
    ("field", "links", "error"),
    [
        ("<mailto:a@x.test>", ["mailto:a@x.test"], ""),
        ("<https://x.test/u>, <mailto:a@x.test?subject=off>", ["https://x.test/u", "mailto:a@x.test?subject=off"], ""),
        ("https://x.test/u", [], '"https://x.test/u" no valid unsubscribe links found'),
        ("<javascript:alert(1)>", [], '"javascript:alert(1)" should start with either http(s):// or mailto:'),
        ("<https://x.test/a b>", [], '"https://x.test/a b" should not contain spaces'),
        ("<https://x.test/1>, <https://x.test/2>", ["https://x.test/1"], "maximum of one email and one HTTP link"),
        ("", [], ""),
    ],
)
def test_leaving_a_list(field, links, error):
    """One address and one link in brackets; what else stands there is told with what is wrong (RFC 2369 §3.2)."""
    told = unsubscribing(read(f"List-Unsubscribe: {field}\r\n\r\n".encode()))

    assert (told.links, error in told.errors, bool(error)) == (links, True, bool(told.errors))


@pytest.mark.parametrize("name", ["0", "-1", "2", "", "x", "1.1", "9" * 400, "١"])
def test_no_such_part(name):
    """Only numbers of files that are there name one."""
    with pytest.raises(LookupError):
        part(b"Content-Disposition: attachment; filename=a\r\n\r\nx", name)
