"""What SMTP bears for learners' sake: the rule that was broken, and what is right."""

TOLERATED = {  # what was typed: the rule, what is right
    "space": ("RFC 5321 section 3.3", "no space belongs between the colon and the path: MAIL FROM:<address>"),
    "brackets": ("RFC 5321 section 4.1.2", "a path stands in angle brackets: <address>"),
    "hello": ("RFC 5321 section 4.1.1.1", "HELO is followed by the name of the client's host"),
    "hello-name": (
        "RFC 5321 section 4.1.1.1",
        "a host's name is made of letters, digits and hyphens, joined by dots; or say an address in brackets",
    ),
    "domain": (
        "RFC 5321 section 4.1.2",
        "an address has a domain: local-part@domain; the domain of this site was added to the name alone",
    ),
    "content-lf": (
        "RFC 5321 section 2.3.8",
        "every line of a message ends with CR LF; here LF was made CR LF (curl sends both with --crlf)",
    ),
    "order": ("RFC 5321 section 4.1.4", "a talk begins with EHLO or HELO"),
    "long-line": ("RFC 5321 section 4.5.3.1.6", "a line of a message has at most 998 octets before its CR LF"),
    "nul": ("RFC 2045 section 2.7", "a message holds no NUL; base64 carries such octets"),
    "eight-bit": ("RFC 6152 section 3", "octets above 127 are announced by MAIL FROM:<address> BODY=8BITMIME"),
    "bare-lf": ("RFC 5321 section 2.3.8", "lines end with CR LF; nc sends a bare LF, nc -C sends both"),
    "any-login": ("RFC 4954 section 4", "this service takes any name and password"),
}
