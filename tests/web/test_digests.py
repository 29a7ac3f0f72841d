"""What a list shows of a message."""

from maillab.web.digests import SNIPPET, Digests, digest_of, snippet

PAGE = (
    b"Content-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>Hi <img src='cid:logo'>"
    b"\r\n--b\r\nContent-Type: image/png\r\nContent-ID: <logo>\r\n\r\nx\r\n--b\r\nContent-Type: image/png; name=a.png\r\n"
    b"Content-ID: <other>\r\nContent-Disposition: attachment\r\n\r\ny\r\n--b--\r\n"
)


def test_files_and_pictures_of_a_page():
    """A part that its page shows is no file that comes with the message; one with a name of its own is."""
    digest = digest_of(PAGE)

    assert (digest.files, digest.inline, digest.snippet) == (1, 1, "Hi")


def test_words_are_searched_in_small_letters():
    """People, subject, text and the names of files."""
    digest = digest_of(b"From: Bob <b@x.test>\r\nSubject: =?utf-8?q?=C3=9Cber?=\r\n\r\nHELLO\r\n")

    assert digest.words.split() == ["bob", "<b@x.test>", "über", "hello"]


def test_a_snippet_ends():
    """It is one line, and not long."""
    assert snippet("word \r\n\t" * 1_000).startswith("word word")
    assert len(snippet("x" * 9_999)) == SNIPPET + 3


def test_they_are_remembered_within_a_bound():
    """A message is read once, until so many others were that it is forgotten."""
    digests, reads = Digests(most=30), []

    def octets():
        reads.append(1)
        return b"\r\n" + b"x" * 20

    for name in ("a", "a", "b", "b", "a"):
        digests.of(name, octets)

    assert len(reads) == 3
