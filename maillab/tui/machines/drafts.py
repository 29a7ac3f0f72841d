"""The message that is being written: kept on disk while it is, so that a crash takes nothing of it.

Rules for this file: what a person typed is kept as it was typed, right or wrong; it becomes a message when it is sent.
"""

import base64
import json
import mimetypes
import re
import stat
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from maillab import durable
from maillab.client.compose import Attachment, Draft
from maillab.client.fields import ComposeError, Mailbox, mailbox_list
from maillab.folder import path_of
from maillab.mail.normal import normal
from maillab.mail.reply import Refused, refused
from maillab.views.safe import safe

MOST_OCTETS = 26_214_400  # of all attachments together: what the lab's doors take
MOST_TEXT = 262_144  # characters of a body that is typed; more is attached as a file

MOST_QUOTED = 60  # characters of an address about which something is said

WRITTEN = {  # fields that are made from the form itself
    "date", "from", "to", "cc", "bcc", "subject", "message-id", "in-reply-to", "references", "mime-version",
}  # fmt: skip
ADDRESSES = ("sender", "to", "cc", "bcc")
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")  # all but tabs and line ends
_TWO = re.compile(r"@[^\s@]*\s[^@]*@")  # an address, a blank, another one


@dataclass(frozen=True, slots=True)
class DraftForm:
    """Fields as they were typed. `headers` are further ones, a line each."""

    sender: str = ""
    to: str = ""
    cc: str = ""
    bcc: str = ""
    subject: str = ""
    text: str = ""
    headers: str = ""
    files: tuple[Attachment, ...] = ()
    in_reply_to: str = ""
    references: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Has nobody written anything?"""
        return not (self.to or self.subject or self.text.strip() or self.files)

    def message(self) -> Draft:
        """What there is to send. Raises `ComposeError` with the name of the field that is wrong."""
        for name in ADDRESSES:
            if why := self.complaint(name):
                raise ComposeError(name, why)
        sender = people(self.sender)
        if len(sender) != 1:
            raise ComposeError("sender", "write exactly one address")
        return Draft(
            sender[0],
            people(self.to),
            people(self.cc),
            people(self.bcc),
            nfc(self.subject),
            nfc(self.text),
            attachments=self.files,
            in_reply_to=self.in_reply_to,
            references=self.references,
            headers=extra(self.headers),
        )

    def complaint(self, name: str) -> str:
        """What is wrong with a field of addresses, and with which of them; "" for nothing."""
        try:
            people(getattr(self, name))
        except Refused as error:
            return error.reply.lines[0]
        return ""


def draft_of(message: Draft) -> DraftForm:
    """An answer, or a message that is sent on, as something to go on writing."""
    return DraftForm(
        shown(message.sender),
        ", ".join(map(shown, message.to)),
        ", ".join(map(shown, message.cc)),
        ", ".join(map(shown, message.bcc)),
        message.subject,
        message.text,
        files=message.attachments,
        in_reply_to=message.in_reply_to,
        references=message.references,
    )


def to_keep(form: DraftForm, octets: bytes) -> bytes:
    """A message as it would go, with Bcc, which is never sent (RFC 5322 §3.6.3): so it is kept while it is written."""
    bcc = people(form.bcc)
    return (mailbox_list("Bcc", bcc, utf8=True) if bcc else b"") + octets


def form_of(octets: bytes) -> DraftForm:
    """What was kept, as something to go on writing."""
    from maillab.client.read import read

    message = read(octets)
    named = {name: ", ".join(map(shown, message.people(name))) for name in ("From", "To", "Cc", "Bcc")}
    further = [f"{name}: {value}" for name, value in message.headers if name.lower() not in WRITTEN]
    return DraftForm(
        named["From"],
        named["To"],
        named["Cc"],
        named["Bcc"],
        message.header("Subject"),
        message.text,
        "\n".join(line for line in further if not line.lower().startswith("content-")),
        tuple(Attachment(file.name, file.type, file.octets) for file in message.attachments),
        message.header("In-Reply-To"),
        tuple(message.header("References").split()),
    )


def is_plain(octets: bytes) -> bool:
    """Can a form say all of it? There is no HTML in one."""
    from maillab.client.read import read

    return not read(octets).pages


def people(text: str) -> tuple[Mailbox, ...]:
    """Addresses with commas between them, each with a name or without. Raises `Refused`.

    >>> [str(person.address) for person in people('"B, Bob" <bob@x.test>, carol@x.test')]
    ['bob@x.test', 'carol@x.test']
    """
    return tuple(_person(nfc(part)) for part in _parts(text) if part.strip())


def begins_one(text: str, known: Sequence[str]) -> bool:
    """Is the last address in a field the beginning of one that is known? Whoever types it is not done.

    >>> begins_one("carol@x.test, bob@", ["bob@recipient.test"]), begins_one("bob@y", ["bob@recipient.test"])
    (True, False)
    """
    last = nfc(_parts(text)[-1]).strip().lower()
    return any(address.lower().startswith(last) for address in known) if last else False


def _person(text: str) -> Mailbox:
    try:
        return Mailbox.parse(text)
    except Refused as error:
        is_two = _TWO.search(text)
        why = "a comma is missing between two addresses" if is_two else error.reply.lines[0].partition(": ")[2]
        raise refused(501, "5.1.3", f"{_quoted(text)}: {why}") from None


def _quoted(text: str) -> str:
    """An address as it was typed, where somebody may have typed without end the beginning of it."""
    text = safe(text.strip())
    return text if len(text) <= MOST_QUOTED else f"{text[: MOST_QUOTED - 1]}…"


def _parts(text: str) -> list[str]:
    """Cut at commas and semicolons that stand outside quotes."""
    parts, quoted, begin = [], False, 0
    for place, char in enumerate(text):
        if char == '"':
            quoted = not quoted
        elif char in ",;" and not quoted:
            parts.append(text[begin:place])
            begin = place + 1
    return [*parts, text[begin:]]


def shown(person: Mailbox) -> str:
    """A person as they are typed."""
    if not person.name:
        return str(person.address)
    name = person.name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{name}" <{person.address}>' if set(name) & set(',;<>@"\\') else f"{name} <{person.address}>"


def extra(text: str) -> tuple[tuple[str, str], ...]:
    """Further header fields, a line each. Raises `ComposeError`."""
    fields = []
    for line in text.split("\n"):
        if line.strip():
            name, colon, value = line.partition(":")
            if not colon:
                raise ComposeError("headers", f"a field is written Name: value, not “{line[:40]}”")
            fields.append((name.strip(), nfc(value.strip())))
    return tuple(fields)


def nfc(text: str) -> str:
    """Letters and their marks as one character, as Vietnamese is stored.

    >>> nfc("Vie\\u0302\\u0323t") == "Việt"
    True
    """
    return text if text.isascii() else normal("NFC", text)


def cleaned(text: str) -> str:
    """Text from elsewhere, as a body holds it: NFC, lines ended by LF, nothing that a terminal would obey.

    >>> cleaned("a\\r\\nb\\x1b[2J")
    'a\\nb[2J'
    """
    return nfc(CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))


def attached(name: str) -> Attachment:
    """A file to attach. Raises `OSError`; `ValueError` for what is none, or too large."""
    path = path_of(name)
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise ValueError(f"{path.name or path} is not a file")
    if status.st_size > MOST_OCTETS:
        raise ValueError(f"{path.name} is larger than {MOST_OCTETS // 1_048_576} MiB")
    kind, coding = mimetypes.guess_type(path.name)
    return Attachment(path.name, kind if kind and not coding else "application/octet-stream", path.read_bytes())


# ── on disk ──


def save(draft: DraftForm, path: Path) -> None:
    """Keep it. Raises `OSError`."""
    if draft == DraftForm():
        return  # nothing has been offered to anybody yet: what was kept before stays
    if draft.is_empty:
        path.unlink(missing_ok=True)
        return
    table: dict[str, Any] = asdict(replace(draft, files=()))
    table["files"] = [[file.name, file.type, base64.b64encode(file.octets).decode()] for file in draft.files]
    durable.replace(path, json.dumps(table, ensure_ascii=False).encode("utf-8", "replace"))


def load(path: Path) -> DraftForm | None:
    """What was kept; `None` where there is nothing, or nothing that can be read."""
    try:
        table = json.loads(path.read_bytes())
        files = tuple(
            Attachment(str(n), str(t), base64.b64decode(octets, validate=True)) for n, t, octets in table.pop("files")
        )
        references = tuple(map(str, table.pop("references")))
        return DraftForm(**{key: str(value) for key, value in table.items()}, files=files, references=references)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
