"""What FETCH may ask for."""

import pytest

from maillab.protocols.imap.fetch import BodySection, FetchAttribute, SectionForm, SectionKind, parse_items
from maillab.protocols.imap.lexer import BadSyntax, Cursor
from maillab.protocols.imap.spoken import SpokenCommand


def items(text):
    """The items that these octets ask for."""
    cursor = Cursor(SpokenCommand(text))
    found = parse_items(cursor)
    cursor.expect_end()
    return found


FAST = (FetchAttribute.FLAGS, FetchAttribute.INTERNALDATE, FetchAttribute.SIZE)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (b"fast", FAST),
        (b"ALL", (*FAST, FetchAttribute.ENVELOPE)),
        (b"FULL", (*FAST, FetchAttribute.ENVELOPE, FetchAttribute.BODY)),
        (b"UID", (FetchAttribute.UID,)),
        (b"(UID uid MODSEQ)", (FetchAttribute.UID, FetchAttribute.MODSEQ)),
        (b"(BODY BODYSTRUCTURE)", (FetchAttribute.BODY, FetchAttribute.BODYSTRUCTURE)),
        (b"(PREVIEW (LAZY) PREVIEW)", (FetchAttribute.PREVIEW_LAZY, FetchAttribute.PREVIEW)),
        (b"BODY[]", (BodySection(),)),
        (b"BODY.PEEK[]<0.10>", (BodySection(partial=(0, 10), peek=True),)),
        (b"body.peek[1.2.text]", (BodySection((1, 2), SectionForm.TEXT, peek=True),)),
        (b"BODY[1.MIME]", (BodySection((1,), SectionForm.MIME),)),
        (b"BODY[HEADER]", (BodySection(form=SectionForm.HEADER),)),
        (b"BINARY[1]<5.5>", (BodySection((1,), partial=(5, 5), kind=SectionKind.BINARY),)),
        (b"BINARY.SIZE[1.2]", (BodySection((1, 2), peek=True, kind=SectionKind.BINARY_SIZE),)),
        (b"RFC822.HEADER", (BodySection(form=SectionForm.HEADER, peek=True, alias="RFC822.HEADER"),)),
        (b"BODY[]<4294967295.1>", (BodySection(partial=(4294967295, 1)),)),  # T206
    ],
)
def test_items(text, found):
    """Macros stand for several; an item is told once."""
    assert items(text) == found


@pytest.mark.parametrize(
    ("text", "label"),
    [
        (b"BODY.PEEK[]", b"BODY[]"),
        (b"BODY[1]<0.10>", b"BODY[1]<0>"),
        (b"body[header.fields (subject To subject)]", b"BODY[HEADER.FIELDS (subject To subject)]"),
        (b'BODY[2.HEADER.FIELDS.NOT ("a b")]', b'BODY[2.HEADER.FIELDS.NOT ("a b")]'),
        (b"BINARY.PEEK[1]", b"BINARY[1]"),
        (b"BINARY.SIZE[1]", b"BINARY.SIZE[1]"),
        (b"RFC822", b"RFC822"),
        (b"PREVIEW (LAZY)", b"PREVIEW"),
        (b"RFC822.SIZE", b"RFC822.SIZE"),
    ],
)
def test_labels(text, label):
    """An answer says what was asked, without what is only about the asking."""
    [item] = items(text)
    assert item.label == label


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"()",
        b"(UID",
        b"(ALL UID)",  # a macro stands alone
        b"NONSENSE",
        b"BODY[",
        b"BODY[1",
        b"BODY[0]",
        b"BODY[MIME]",
        b"BODY[1.]",
        b"BODY[1.NONSENSE]",
        b"BODY[HEADER.FIELDS]",
        b"BODY[HEADER.FIELDS ()]",
        b"BODY[TEXT.1]",
        b"BODY[]<0.0>",
        b"BODY[]<-1.5>",
        b"BODY[]<1>",
        b"BINARY[HEADER]",
        b"BINARY.SIZE[1]<0.1>",
        b"BODY[99999999999]",  # T206
        b"BODY[" + b"1." * 501 + b"1]",  # T206
        b"PREVIEW (EAGER)",
        b"UID MODSEQ",
    ],
)
def test_no_items(text):
    """Whatever else comes is bad syntax."""
    with pytest.raises(BadSyntax):
        items(text)


def test_many():
    """Five hundred numbers, five thousand header fields are read, and nothing more happens."""  # T206
    assert len(items(b"BODY[" + b".".join([b"1"] * 500) + b"]")[0].path) == 500
    fields = b" ".join(b"f%d" % number for number in range(5_000))
    assert len(items(b"BODY[HEADER.FIELDS (" + fields + b")]")[0].fields) == 5_000
