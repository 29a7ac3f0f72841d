"""The text of a message under its fields."""

from maillab.tui.mail.tabs.words import mixes_alphabets
from maillab.tui.texts import Texts
from tests.tui.mail.tabs.samples import BOUNCE, EN, MESSAGE, lines_of, pieces_of


def test_fields_files_and_text():
    """Header fields decoded, the way, attachments with type and size, the text; quoted lines are dim."""
    lines = lines_of(MESSAGE)
    assert "Subject   Xin chào" in lines
    assert "Route     mx.sender.test ━▶ mx.recipient.test (+2 s)" in lines
    assert "File 1    a.png (image/png, 3 B)" in lines
    assert "Hello" in lines
    assert ("dim", "> said before") in pieces_of(MESSAGE)


def test_a_message_that_is_only_a_page():
    """It is drawn as one: headings, bold words, and links with their real place (T259, T271)."""
    page = (
        b"Content-Type: text/html\r\n\r\n<h1>Hello</h1><p>Hi <b>Bob</b></p><script>alert(1)</script>"
        b'<a href="https://bank.test@evil.test/x">bank.test</a><a href="file:///etc/passwd">f</a>'
    )
    lines = lines_of(page)
    assert any(line.startswith("Hi Bob") for line in lines)
    assert not any("alert" in line for line in lines)
    assert any("https://bank.test@evil.test/x  (host: evil.test)" in line for line in lines)
    assert {("heading", "Hello"), ("bold", "Bob")} <= set(pieces_of(page))


def test_a_page_that_hides_its_words():
    """Where all words of a page are hidden they are shown, with a note."""
    lines = lines_of(b"Content-Type: text/html\r\n\r\n<p style=display:none>secret words")
    assert any("secret words" in line for line in lines)


def test_a_bounce_has_its_report():
    """The delivery report stands below the words as a table, and is no file."""
    lines = lines_of(BOUNCE)
    assert EN("report.title") in lines
    assert any("5.1.1" in line and "No such mailbox" in line for line in lines)
    assert not any("delivery-status" in line for line in lines)


def test_two_alphabets_in_one_name():
    """A name that mixes letters that look alike is pointed at (T275)."""
    assert mixes_alphabets("Micrоsoft")
    assert not mixes_alphabets("Việt Nam Москва Ελλάδα")
    assert any(EN("message.mixed") in line for line in lines_of("From: pаypal <x@x.test>\r\n\r\n".encode()))


def test_names_of_files_that_disagree():
    """Where a file has two names both are shown, and the safe one is used (T253, T254)."""
    octets = (
        b'Content-Type: application/x; name="a.txt"\r\n'
        b'Content-Disposition: attachment; filename="../../etc/passwd"\r\n\r\nx'
    )
    lines = lines_of(octets)
    assert any("passwd" in line and "(application/x, 1 B)" in line and "../" not in line for line in lines)
    assert any("a.txt" in line and "../../etc/passwd" in line for line in lines)


def test_charsets():
    """A charset that nobody has is shown as it can be, with a note (T248)."""
    lines = lines_of(b"Content-Type: text/plain; charset=nosuch\r\n\r\n\xe9t\xe9\r\n")
    assert any("nosuch" in line for line in lines)


def test_notes_in_the_language_of_the_window():
    """What is wrong with a message is said in the reader's language."""
    from maillab.tui.mail.messageview import opened, tab

    message = opened(b"Content-Transfer-Encoding: x-none\r\n\r\nhi")
    lines = ["".join(text for _, text in line) for line in tab(message, "text", Texts("vi"))]
    assert any("không biết cách biểu diễn này (Content-Transfer-Encoding): x-none" in line for line in lines)


def test_no_time_that_says_nothing():
    """Two servers that had it in the same second are named without one."""
    octets = MESSAGE.replace(b"10:00:02", b"10:00:00")
    assert octets != MESSAGE
    assert not any("+0 s" in line for tab in ("text", "route") for line in lines_of(octets, tab))
