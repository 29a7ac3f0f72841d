"""What a subject is about, without Re:, Fwd: and what lists put before it (RFC 5256 §2.1, "base subject")."""

import re

SUBJECT = 1_000  # characters that are looked at

_SPACE = re.compile(r"[ \t\r\n]+")
_TRAILER = re.compile(r"(?i)(?:\(fwd\)|[ \t])+\Z")
_BLOB = r"\[[^\[\]]*\][ \t]*"
_LEADER = re.compile(rf"(?i)(?:{_BLOB})*(re|fwd?)[ \t]*(?:{_BLOB})?:|[ \t]")
_LIST = re.compile(_BLOB)
_FORWARDED = re.compile(r"(?is)\[fwd:(.*)\]\Z")


def base_subject(subject: str) -> tuple[str, bool]:
    """The base subject of a decoded one, and was it marked as an answer to, or a copy of, something.

    >>> base_subject("Re: [list] RE:  (no  news) (fwd) "), base_subject("[Fwd: news]"), base_subject("[list] news")
    (('(no news)', True), ('news', True), ('news', False))
    """
    text = _SPACE.sub(" ", subject[:SUBJECT]).strip()
    marked = False
    while True:
        kept = text
        shorter = _TRAILER.sub("", text)
        marked = marked or "(" in text[len(shorter) :]
        text = shorter
        while True:
            leader = _LEADER.match(text)
            if leader:
                marked = marked or leader[1] is not None
                text = text[leader.end() :]
                continue
            blob = _LIST.match(text)
            if blob and text[blob.end() :].strip():
                text = text[blob.end() :]
                continue
            break
        if forwarded := _FORWARDED.match(text):
            text, marked = forwarded[1], True
        if text == kept:
            return text, marked
