"""Messages in a list, as a folder: what searching, sorting and threading are tested with."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from maillab.mail.content import Content
from maillab.recipient.folders import MessageRow
from maillab.recipient.structure.matches import Searched
from maillab.recipient.structure.summary import make_words, summarise, work_out


@dataclass
class ListedFolder:
    """A view of messages; `asked` says what was wanted of it."""

    rows: list[MessageRow] = field(default_factory=list)
    contents: dict[int, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    damaged: bool = False  # is its index

    def add(self, octets: bytes, *flags: str, internal: float = 0.0, saved: float = 0.0, uid: int = 0) -> None:
        """One message more."""
        uid = uid or 10 * len(self.rows) + 10
        self.rows.append(MessageRow(uid, frozenset(flags), uid, internal, len(octets), saved, f"E{uid}"))
        self.contents[uid] = octets

    def summaries(self, uids: Sequence[int]) -> list[bytes | None]:
        """As the index has them."""
        self.asked.append("summaries")
        if self.damaged:
            return [b"?" for _ in uids]
        return [summarise(Content(self.contents[uid])) if uid in self.contents else None for uid in uids]

    headings = summaries

    def mentioning(self, octets: bytes) -> list[int]:
        """As the index has them; of a damaged one, all."""
        self.asked.append("mentioning")
        made = {uid: work_out(Content(whole)).fields for uid, whole in self.contents.items()}
        return [uid for uid, fields in made.items() if self.damaged or octets in fields]

    def words(self, uids: Sequence[int]) -> list[bytes | None]:
        """As the index has them."""
        self.asked.append(f"words {' '.join(map(str, uids))}")
        if self.damaged:
            return [b"" for _ in uids]
        return [make_words(Content(self.contents[uid])).words if uid in self.contents else None for uid in uids]

    def content(self, uid: int) -> Content:
        """The octets."""
        self.asked.append(f"content {uid}")
        if uid not in self.contents:
            raise FileNotFoundError(uid)
        return Content(self.contents[uid])

    def searched(self, **known: object) -> Searched:
        """The folder as somebody searches it."""
        return Searched(self, self.rows, **known)  # type: ignore[arg-type]


def message(subject: str = "", **fields: str) -> bytes:
    """A small message; `_` in a name stands for a hyphen."""
    head = {"Subject": subject, **{name.replace("_", "-"): value for name, value in fields.items() if name != "text"}}
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    return f"{lines}\r\n{fields.get('text', '')}".encode()
