"""What came from outside is harmless on a terminal, and still readable."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.views.safe import MARKS, ascii_only, cells, clip, safe, speaks_unicode, unaccented

HOSTILE = [  # the hostile text H, and what a person sees of it
    ("\x1b]52;c;UFdOSVQ=\x07", "␛]52;c;UFdOSVQ=␇"),
    ("\x1b]0;PWN\x07", "␛]0;PWN␇"),
    ("\x1b[31m", "␛[31m"),
    ("\x9b32m", "⟨9B⟩32m"),
    ("\x1bP+q544e\x1b\\", "␛P+q544e␛\\"),
    ("a\x08b", "a␈b"),
    ("\x7f", "␡"),
    ("a\rb", "a␍b"),
    ("a\nb", "a␊b"),
    ("a\x00b", "a␀b"),
    ("\x0b", "␋"),
    ("\t", "␉"),
    ("\u202e", "⟨202E⟩"),
    ("\u2066", "⟨2066⟩"),
    ("\u200b", "⟨200B⟩"),
    ("\u061c", "⟨61C⟩"),
    ("\ufeff", "⟨FEFF⟩"),
    ("\u2028", "⟨2028⟩"),
    ("\ud83d", "⟨D83D⟩"),
    ("\udcff", "\\xff"),
    ("\U000e0041", "⟨E0041⟩"),
]
anything = st.one_of(st.binary(), st.text(), st.text(st.characters(categories=["Cs", "Cc", "Cf", "Lu", "Zl", "Zp"])))


@pytest.mark.parametrize(("hostile", "seen"), HOSTILE)
def test_hostile_text_is_shown_and_does_nothing(hostile: str, seen: str) -> None:
    """Each sequence that a terminal would obey or hide is seen as a picture or a number."""
    assert safe(f"x{hostile}y") == f"x{seen}y"  # T260, T261, T262, T264, T282


@pytest.mark.parametrize(("hostile", "seen"), [pair for pair in HOSTILE if not "\ud800" <= pair[0] <= "\udfff"])
def test_hostile_octets_are_shown_the_same_way(hostile: str, seen: str) -> None:
    """The octets of hostile text look like the text itself."""
    assert safe(hostile.encode()) == seen


@given(anything)
def test_result_holds_nothing_that_acts(data: bytes | str) -> None:
    """No control, no format mark of direction or width, no surrogate comes out, and UTF-8 can always carry the rest."""
    shown = safe(data)

    assert not [char for char in shown if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")]
    assert not [
        char
        for char in shown
        if unicodedata.bidirectional(char) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
    ]
    assert shown.encode("utf-8").decode("utf-8") == shown


def test_every_invisible_format_mark_is_shown() -> None:
    """Of all format marks of Unicode only those that are drawn themselves, like the Arabic number sign, are left."""
    left = {char for char in map(chr, range(0x110000)) if unicodedata.category(char) == "Cf" and safe(char) == char}

    assert left <= set("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")


@given(anything)
def test_safe_text_stays_as_it_is(data: bytes | str) -> None:
    """Making safe text safe again changes nothing."""
    once = safe(data)

    assert safe(once) == once


@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"])))
def test_messages_are_left_alone_when_they_are_visible(text: str) -> None:
    """Visible text in any script passes unchanged, but for the few fillers that are drawn as nothing."""
    visible = "".join(char for char in text if char not in "\u115f\u1160\u3164\uffa0\U0001d173")

    assert safe(visible) == visible
    assert safe(visible.encode()) == visible


def test_direction_cannot_be_turned() -> None:
    """A name that is written backwards shows where it was turned."""
    assert safe("user\u202emoc.live@bank.test") == "user⟨202E⟩moc.live@bank.test"  # T274
    assert safe("invoice\u202efdp.exe") == "invoice⟨202E⟩fdp.exe"


def test_octets_that_are_no_text_are_shown_in_hexadecimal() -> None:
    """What is not UTF-8 is shown octet by octet, and what follows is still read."""
    assert safe(b"caf\xe9 \xc3\xa9") == "caf\\xe9 é"
    assert safe(b"\xed\xa0\xbd") == "\\xed\\xa0\\xbd"


def test_line_end_is_left_out_or_shown() -> None:
    """CR LF at the end is left out, or shown when asked; a lone CR or LF is always shown."""
    assert safe(b"250 ok\r\n") == "250 ok"
    assert safe(b"250 ok\r\n", ends=True) == "250 ok␍␊"
    assert safe(b"250 ok\n") == "250 ok␊"
    assert safe(b"250 ok\r\n\r\n") == "250 ok␍␊"


@given(anything, st.integers(0, 90))
def test_clipped_text_fits(data: bytes | str, width: int) -> None:
    """Clipped text takes at most the columns given, and says by … that something is missing."""
    shown = safe(data)
    cut = clip(shown, width)

    assert cells(cut) <= width
    assert cut == shown or cut.endswith("…") or width == 0 or len(cut) < len(shown)


def test_wide_characters_count_twice() -> None:
    """A character of two columns is never cut in half."""
    assert clip("日本語", 5) == "日本…"
    assert clip("日本語", 4) == "日…"
    assert clip("日本語", 6) == "日本語"


def test_marks_cannot_be_piled_up() -> None:
    """A message keeps a few combining marks, however many came, and a mountain of them is cut at once."""
    shown = clip("e" + "\u0301" * 100_000 + "x", 10)  # T276

    assert shown.count("\u0301") == MARKS
    assert clip("ngu\u0302\u0303yen", 10) == "ngu\u0302\u0303yen"


def test_ascii_terminals_get_ascii() -> None:
    """Where only ASCII goes, pictures and messages become ASCII, and our own words lose their accents."""
    assert ascii_only(safe("\x1b[31m \u202e ␡ é")) == "^[[31m <202E> ^? \\xe9"
    assert unaccented("Đã lưu; đọc § 4") == "Da luu; doc s. 4"
    assert [speaks_unicode(name) for name in ("UTF-8", "utf8", "ascii", "latin-1", None)] == [
        True,
        True,
        False,
        False,
        False,
    ]
