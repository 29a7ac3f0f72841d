"""What SMTP bears for learners' sake: the rule that was broken, and what is right."""

ONCE = frozenset({"bare-lf"})  # remarked upon once in a talk: whoever ends a line so ends all of them so

TOLERATED = {  # what was typed: the rule, what is right
    "space": ("RFC 5321 section 3.3", "no space belongs between the colon and the path: MAIL FROM:<address>"),
    "space-to": ("RFC 5321 section 3.3", "no space belongs between the colon and the path: RCPT TO:<address>"),
    "brackets": ("RFC 5321 section 4.1.2", "a path stands in angle brackets: <address>"),
    "hello": ("RFC 5321 section 4.1.1.1", "HELO is followed by the name of the client's host"),
    "hello-name": (
        "RFC 5321 section 4.1.1.1",
        "a host name is letters, digits and hyphens, joined by dots, or an address in brackets",
    ),
    "domain": (
        "RFC 5321 section 4.1.2",
        "an address needs a domain: name@domain; the domain of this site was added",
    ),
    "content-lf": (
        "RFC 5321 section 2.3.8",
        "every line of a message must end with CR LF; here LF was changed to CR LF (curl --crlf sends both)",
    ),
    "order": ("RFC 5321 section 4.1.4", "a conversation begins with EHLO or HELO"),
    "long-line": ("RFC 5321 section 4.5.3.1.6", "a line of a message has at most 998 bytes before its CR LF"),
    "nul": ("RFC 2045 section 2.7", "a message must not contain NUL; base64 can carry such bytes"),
    "eight-bit": ("RFC 6152 section 3", "bytes above 127 must be announced by MAIL FROM:<address> BODY=8BITMIME"),
    "bare-lf": ("RFC 5321 section 2.3.8", "lines end with CR LF; nc sends a bare LF, nc -C sends both"),
    "any-login": ("RFC 4954 section 4", "this service accepts any name and password"),
}
