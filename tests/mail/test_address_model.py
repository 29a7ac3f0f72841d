"""Any text of the octets of which addresses are made: it is an address where a grammar that is read letter by letter says so.

The model is RFC 5321 §4.1.2 and §4.1.3 without regular expressions; it knows nothing of the parser.
"""

from hypothesis import given, settings
from hypothesis import strategies as st

from maillab.mail.address import Address, AddressError

ATEXT = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~")
LETTERS_AND_DIGITS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
PIECES = ["a", "B", "1", "-", "_", "!", "%", ".", "..", '"', '"', "\\", '\\"', " ", "@", "@", "x.test", "@x.test", "@x.test", "=?", "?=", "<", ">", "\t", "a" * 32, "d" * 31, ",", "()"]  # fmt: skip


def read_local(text):
    """The local part that stands first, and what is behind it; None where none does."""
    if text[:1] == '"':
        local, at = "", 1
        while at < len(text):
            if text[at] == '"':
                return local, text[at + 1 :]
            at += text[at] == "\\"
            if at == len(text) or not " " <= text[at] <= "~":
                return None
            local += text[at]
            at += 1
        return None
    end = next((at for at, sign in enumerate(text) if sign not in ATEXT and sign != "."), len(text))
    atoms = text[:end].split(".")
    return (text[:end], text[end:]) if all(atoms) else None


def is_domain(text):
    """Labels of letters, digits and hyphens inside; the last one no number: it would be the address of a host."""
    labels = text.split(".")
    return (
        all(0 < len(label) <= 63 and "-" not in (label[0], label[-1]) for label in labels)
        and {*text} <= LETTERS_AND_DIGITS | {".", "-"}
        and not labels[-1].isdigit()
    )


def is_encoded_word(local):
    """RFC 2047: what would be decoded in a header is no name in an envelope."""
    return "=?" in local and local.partition("=?")[2].count("?") > 2 and "?=" in local.partition("=?")[2]


def model(text):
    """The local part and the domain, or None."""
    found = read_local(text)
    if found is None:
        return None
    local, rest = found
    domain = rest[1:]
    if rest[:1] != "@" or not is_domain(domain) or len(domain) > 255 or len(text) - len(rest) > 64:
        return None
    return local, domain.lower()


TEXTS = st.lists(st.sampled_from(PIECES), max_size=8).map("".join)
QUOTED = st.lists(st.sampled_from(["a", ".", " ", "@", '\\"', "\\\\", "\\a", "\\", '"', "<>", "\t"]), max_size=6).map(
    "".join
)
DOTTED = st.lists(st.sampled_from(["a", "b.c", "!", "%", "a-1", ".", "=?", "a" * 31]), min_size=1, max_size=5).map(
    "".join
)
DOMAINS = st.sampled_from(
    ["x.test", "X.test", "1.test", "a-b", "-a.test", "a-.test", "a..test", "x.1", "d" * 63, "d" * 64, "x.test."]
)
ADDRESSES = st.builds('"{}"@{}'.format, QUOTED, DOMAINS) | st.builds("{}@{}".format, DOTTED, DOMAINS)


@settings(max_examples=600)
@given(TEXTS | ADDRESSES)
def test_any_text(text):
    """What the grammar takes is taken as it stands, and nothing else is."""
    expected = model(text)
    try:
        address = Address.parse(text)
    except AddressError:
        assert expected is None or is_encoded_word(expected[0]), text
    else:
        assert (address.local, address.domain) == expected, text
