"""Messages, and the lines of their tabs as text."""

from maillab.tui.mail.messageview import opened, tab
from maillab.tui.texts import Texts

EN = Texts("en")
MESSAGE = (
    b"Received: from mx.sender.test by mx.recipient.test with ESMTPS id R1; Mon, 23 Nov 2026 10:00:02 +0000\r\n"
    b"Received: from laptop by mx.sender.test with ESMTPSA id L1; Mon, 23 Nov 2026 10:00:00 +0000\r\n"
    b"From: Alice <alice@sender.test>\r\nTo: bob@recipient.test\r\nSubject: =?utf-8?q?Xin_ch=C3=A0o?=\r\n"
    b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
    b"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHello\r\n> said before\r\n"
    b'--b\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename="a.png"\r\n\r\nPNG\r\n--b--\r\n'
)
BOTH = (
    b'Subject: both\r\nContent-Type: multipart/alternative; boundary="b"\r\n\r\n'
    b"--b\r\nContent-Type: text/plain\r\n\r\nplain words\r\n"
    b"--b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    b'<h1 class=3D"x">Title</h1><p>Hi <b>Bob</b>, <a href=3D"http://x.test/">see</a></p>\r\n--b--\r\n'
)
BOUNCE = (
    b"Subject: Undelivered\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
    b"--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
    b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mail.sender.test\r\n\r\n"
    b"Final-Recipient: rfc822; nobody@recipient.test\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    b"Diagnostic-Code: smtp; 550 5.1.1 no such user here\r\n"
    b"--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: the first\r\n\r\nDear nobody\r\n--b--\r\n"
)


def lines_of(octets, name="text", cells=94):
    """The lines of a tab."""
    return ["".join(text for _, text in line) for line in tab(opened(octets), name, EN, cells)]


def pieces_of(octets, name="text"):
    """Its pieces, with their styles."""
    return [one for line in tab(opened(octets), name, EN) for one in line]
