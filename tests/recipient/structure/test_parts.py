"""The tree of parts, of messages as they should be and as they are."""

from email import message_from_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.recipient.structure.header import Headers
from maillab.recipient.structure.parts import (
    DEPTH,
    LEAF,
    MESSAGE,
    MULTIPART,
    PARTS,
    TEXT,
    Entity,
    entities,
    is_media_type,
    of_rows,
    path_of,
    rows_of,
    tree,
)

MIXED = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
INSIDE = b"Content-Type: message/rfc822\r\n\r\n"


def shape(octets, entity=None):
    """A part by its body, or the shapes of its parts."""
    entity = entity or tree(Headers(octets))
    if entity.kind == MULTIPART:
        return [shape(octets, child) for child in entity.children]
    if entity.kind == MESSAGE:
        return ("message", shape(octets, entity.children[0]))
    return octets[entity.body : entity.end].decode()


@pytest.mark.parametrize(
    ("octets", "expected"),
    [
        (b"", ""), (b"\r\n", ""), (b"--b", ""), (b"A: b\r\n\r\nhi\r\n", "hi\r\n"), (b"A: b\n\nhi\n", "hi\n"),
        (MIXED + b"pre\r\n--b\r\n\r\none\r\n--b\r\nA: b\r\n\r\ntwo\r\n\r\n--b--\r\nepilogue\r\n", ["one", "two\r\n"]),
        (MIXED.replace(b"\r\n", b"\n") + b"--b\n\none\n--b--\n", ["one"]),
        (MIXED + b"--b\r\n\r\none", ["one"]),  # without an end
        (MIXED + b"--b\r\nA: no empty line\r\n--b\r\n\r\n--b\r\n--b--", ["", "", ""]),
        (MIXED + b"--b \t\r\n\r\none\r\n--bb\r\n--b--trailing\r\n", ["one\r\n--bb"]),
        (MIXED + b"--b\r\n" + INSIDE + b"Subject: in\r\n\r\nbody\r\n--b--", [("message", "body")]),
        (MIXED + b"--b\r\n" + INSIDE + b"--b\r\n\r\ntwo\r\n--b--", [("message", ""), "two"]),
        (MIXED.replace(b"mixed", b"digest") + b"--b\r\n\r\nSubject: in\r\n\r\nbody\r\n--b--", [("message", "body")]),
        (MIXED.replace(b"boundary", b"x") + b"--b\r\n\r\none\r\n--b--", "--b\r\n\r\none\r\n--b--"),  # no boundary
        (MIXED + b"no part\r\n", "no part\r\n"),
        (MIXED.replace(b"=b", b'=" "') + b"-- \r\n\r\none\r\n", "-- \r\n\r\none\r\n"),
        # the boundary of the outer part ends the inner one, and closes what was left open (RFC 2046 5.1.2)
        (MIXED + b"--b\r\n" + MIXED.replace(b"=b", b"=c") + b"--c\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--\r\n--c\r\n", [["one"], "two"]),
        # the same boundary inside and outside: the innermost part owns it (T256)
        (MIXED + b"--b\r\n" + MIXED + b"--b\r\n\r\none\r\n--b--\r\n--b\r\n\r\ntwo\r\n--b--", [["one"], "two"]),
    ],
)  # fmt: skip
def test_trees(octets, expected):
    """Parts stand between their boundaries, whose line ends belong to them; what is malformed has a tree, too."""  # T256
    assert shape(octets) == expected


def test_numbers_of_parts():
    """IMAP counts the parts of a multipart, of a message its only one, and of a message inside those of that message."""
    inner = INSIDE + MIXED.replace(b"=b", b"=c") + b"--c\r\n\r\nx\r\n--c\r\n\r\ny\r\n--c--"
    octets = MIXED + b"--b\r\n\r\none\r\n--b\r\n" + INSIDE + b"A: b\r\n\r\ntwo\r\n--b\r\n" + inner + b"\r\n--b--\r\n"
    root = tree(Headers(octets))

    def said(*path):
        entity = path_of(root, path)
        return entity and octets[entity.body : entity.end][-3:]

    assert (said(1), said(2), said(2, 1), said(3, 1), said(3, 2)) == (b"one", b"two", b"two", b"x", b"y")
    assert [said(*path) for path in [(0,), (4,), (1, 1), (2, 2), (2, 1, 1), (3, 3), (3, 1, 1), (1,) * 500]] == [
        None
    ] * 8
    single = tree(Headers(b"A: b\r\n\r\nhi"))
    assert path_of(single, (1,)) is path_of(single, ()) is single
    assert path_of(single, (1, 1)) is path_of(single, (2,)) is None
    forwarded = tree(Headers(INSIDE + b"A: b\r\n\r\nhi"))
    assert (path_of(forwarded, (1,)), path_of(forwarded, (1, 1))) == (forwarded, forwarded.children[0])


def test_the_kind_of_a_part():
    """Text is what is said to be, and what says nothing that can be read; the rest is something."""
    kinds = [b"text/html", b"", b"text", b"a/b/c", b"image/png", b"message/delivery-status", b"message/global"]
    found = [tree(Headers(b"Content-Type: " + kind + b"\r\n\r\nhi")).kind for kind in kinds]
    assert found == [TEXT, TEXT, TEXT, TEXT, LEAF, LEAF, MESSAGE]
    assert not is_media_type("text /plain")


@pytest.mark.parametrize(
    ("octets", "parts"),
    [
        (b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(10_000)), DEPTH + 1),
        (INSIDE * 100_000, DEPTH + 1),
        (MIXED + b"--b\r\n\r\n" * 100_000, PARTS),
        (MIXED + b"--b\r\nA: b\r\n" * 100_000, PARTS),
        (MIXED + b"--b\r\n\r\n--b\r\nA: b\r\n" * 500 + b"x" * 1_000_000, PARTS),
        (MIXED + b"--b\r\n" + (INSIDE + b"\r\n--b\r\n") * 2_000, PARTS),
        (MIXED + b"--\n" * 1_000_000, 1),
        (b"\r" * 262_144, 1),
        (MIXED.replace(b"=b", b"=" + b"b" * 5_000) + (b"--" + b"b" * 5_000 + b"\r\n") * 100, 1),
    ],
)  # fmt: skip
def test_bombs(octets, parts):
    """No more than a thousand parts are told, none deeper than a hundred, whatever a message holds."""  # T233, T234, T235, T256
    root = tree(Headers(octets))
    assert sum(1 for _ in entities(root)) <= parts
    assert of_rows(rows_of(root)) == root


PIECE = st.sampled_from(
    [b"--a", b"--b", b"--a--", b"--b--", b"", b"text", b"Content-Type: multipart/mixed; boundary=a",
     b"Content-Type: multipart/digest; boundary=b", b"Content-Type: message/rfc822", b"A: b", b"--", b"--ab"]
)  # fmt: skip


@given(st.lists(PIECE, max_size=30), st.sampled_from([b"\r\n", b"\n"]))
def test_any_lines(lines, end_of_line):
    """Every part lies in the body of its parent, behind the one before it; lines are counted as they are."""
    octets = end_of_line.join(lines)
    root = tree(Headers(octets))
    assert (root.start, root.end) == (0, len(octets))
    for entity in entities(root):
        assert entity.start <= entity.body <= entity.end
        assert entity.lines == octets.count(b"\n", entity.body, entity.end)
        assert (entity.kind in (MULTIPART, MESSAGE)) == bool(entity.children)
        at = entity.body
        for child in entity.children:
            assert at <= child.start
            assert child.end <= entity.end
            at = child.end
    assert of_rows(rows_of(root)) == root


@given(st.binary(max_size=300))
def test_any_octets(octets):
    """Any octets are some message."""
    assert tree(Headers(octets)).end == len(octets)


def generated(depth):
    """Well-formed entities as octets."""
    leaf = st.sampled_from([b"\r\none\r\nline", b"Content-Type: text/html\r\n\r\n<p>", b"A: b\r\n\r\n"])
    if not depth:
        return leaf
    inner = st.lists(generated(depth - 1), min_size=1, max_size=3)
    mark = b"=_%d" % depth
    head = b'Content-Type: multipart/mixed; boundary="' + mark + b'"\r\n\r\npreamble'
    many = inner.map(
        lambda parts: head + b"".join(b"\r\n--" + mark + b"\r\n" + part for part in parts) + b"\r\n--" + mark + b"--"
    )
    return st.one_of(leaf, many, generated(depth - 1).map(lambda inside: INSIDE + inside))


@given(generated(3))
def test_as_the_standard_library_reads_it(octets):
    """A well-formed message has the same parts as in `email`, with the same bodies."""  # T258
    ours = [entity for entity in entities(tree(Headers(octets))) if entity.kind not in (MULTIPART, MESSAGE)]
    theirs = [part for part in message_from_bytes(octets).walk() if not part.is_multipart()]
    assert [octets[one.body : one.end] for one in ours] == [part.get_payload().encode() for part in theirs]


@pytest.mark.parametrize("rows", [[], [(1, 0, 0, 0, 0, 1)], [(1, 0, 0, 0, 0, 0)] * 2])
def test_rows_that_are_no_tree(rows):
    """Rows that were damaged are refused."""
    with pytest.raises(ValueError, match="tree"):
        of_rows(rows)
    assert Entity(1, 0, 2, 5, 0).octets == 3
