"""The sentences of the screen, in both languages: what each event says when it is not itself a line of a protocol.

Rules for this file: templates are ours, values are not, so a value passes `show` (see `safe`) before it enters one.
Vietnamese keeps the protocol's words as they are.
"""

from collections.abc import Callable
from typing import assert_never

from maillab.events import (
    Attempted,
    Authenticated,
    Bounced,
    Closed,
    DecidedEvent,
    Deferred,
    Delivered,
    Dropped,
    Failed,
    Opened,
    Queued,
    Read,
    Removed,
    Routed,
    RulePlayed,
    Secured,
    Stumbled,
    Submitted,
    Tolerated,
    Warned,
)
from maillab.views.gloss import Lang
from maillab.views.remarks import remark

NAMED = 5  # recipients, hosts or numbers that are listed; the others are counted

Show = Callable[[str], str]

EN = {
    "opened": "connected to {server} ({service})",
    "opened.tls": "connected to {server} ({service}, TLS from the first octet)",
    "secured": "TLS began ({version})",
    "closed": "ended: {why}",
    "closed.quit": "ended",
    "closed.lost": "connection lost",
    "closed.timeout": "ended: nobody spoke for too long",
    "closed.answered": "ended: answered",
    "closed.refused": "connection refused",
    "authenticated": "logged in as {user} ({mechanism})",
    "submitted": "took message {message} from <{sender}> for {recipients} ({octets} octets)",
    "queued": "message {message} queued for {domain} ({recipients})",
    "routed": "hosts to try, in this order: {hosts}",
    "routed.none": "no host takes mail for this domain",
    "attempted": "tried {host}: {code}",
    "attempted.silent": "tried {host}: no answer",
    "deferred": "deferred for {recipients}: {reason}; next attempt in {wait}",
    "failed": "failed for {recipients}, not tried again: {reason}",
    "bounced": "report {kind} sent to {to} as message {message}",
    "bounced.failed": "bounce sent to {to} as message {message}",
    "bounced.delayed": "report of a delay sent to {to} as message {message}",
    "bounced.delivered": "report of delivery sent to {to} as message {message}",
    "dropped": "report dropped: {reason}",
    "delivered": "stored for {mailbox} as {uid} ({octets} octets)",
    "read": "message {uid} read by {mailbox}",
    "removed": "messages removed from {mailbox}: {uids}",
    "tolerated": "tolerated: {why} ({rule})",
    "rule": "a rule is played, {effect}: {rule}",
    "bug": "played on purpose: {effect}",
    "warned": "warning: {text}",
    "stumbled": "a fault of the lab itself, reference {reference}: {what}",
    "content.1": "{lines} line of message, {octets} octets",
    "content": "{lines} lines of message, {octets} octets",
    "content.gone": "message, {octets} octets, no longer kept",
    "content.left.1": "{lines} more line, {octets} octets",
    "content.left": "{lines} more lines, {octets} octets",
    "listed": "{count} lines: {names}",
    "listed.why": "What the server can do; --full shows and explains each line.",
    "more": "{names} and {count} more",
    "seconds": "{count} s",
    "minutes": "{count} min",
    "hours": "{count} h",
    "days": "{count} d",
}

VI = {
    "opened": "đã kết nối tới {server} ({service})",
    "opened.tls": "đã kết nối tới {server} ({service}, TLS ngay từ đầu)",
    "secured": "bắt đầu TLS ({version})",
    "closed": "kết thúc: {why}",
    "closed.quit": "kết thúc",
    "closed.lost": "kết nối bị đứt",
    "closed.timeout": "kết thúc: im lặng quá lâu",
    "closed.answered": "kết thúc: đã trả lời",
    "closed.refused": "kết nối bị từ chối",
    "authenticated": "đã đăng nhập: {user} ({mechanism})",
    "submitted": "đã nhận thư {message} từ <{sender}> gửi {recipients} ({octets} byte)",
    "queued": "thư {message} vào hàng đợi cho {domain} ({recipients})",
    "routed": "các máy sẽ thử, theo thứ tự: {hosts}",
    "routed.none": "không máy nào nhận thư cho tên miền này",
    "attempted": "đã thử {host}: {code}",
    "attempted.silent": "đã thử {host}: không trả lời",
    "deferred": "hoãn lại với {recipients}: {reason}; thử lại sau {wait}",
    "failed": "thất bại với {recipients}, không thử lại nữa: {reason}",
    "bounced": "đã gửi báo cáo {kind} tới {to}, là thư {message}",
    "bounced.failed": "đã gửi thư báo lỗi (bounce) tới {to}, là thư {message}",
    "bounced.delayed": "đã gửi báo cáo chậm trễ tới {to}, là thư {message}",
    "bounced.delivered": "đã gửi báo cáo phát thư tới {to}, là thư {message}",
    "dropped": "đã bỏ báo cáo: {reason}",
    "delivered": "đã lưu cho {mailbox}, số {uid} ({octets} byte)",
    "read": "{mailbox} đã đọc thư {uid}",
    "removed": "đã xoá khỏi hộp thư {mailbox}: {uids}",
    "tolerated": "tạm chấp nhận: {why} ({rule})",
    "rule": "quy tắc có hiệu lực, {effect}: {rule}",
    "bug": "được tạo ra có chủ ý: {effect}",
    "warned": "cảnh báo: {text}",
    "stumbled": "lỗi của chính lab, mã tra cứu {reference}: {what}",
    "content.1": "{lines} dòng nội dung thư, {octets} byte",
    "content": "{lines} dòng nội dung thư, {octets} byte",
    "content.gone": "nội dung thư, {octets} byte, không còn được giữ",
    "content.left.1": "còn {lines} dòng, {octets} byte",
    "content.left": "còn {lines} dòng, {octets} byte",
    "listed": "{count} dòng: {names}",
    "listed.why": "Những gì máy chủ làm được; --full hiện và giải thích từng dòng.",
    "more": "{names} và {count} nữa",
    "seconds": "{count} giây",
    "minutes": "{count} phút",
    "hours": "{count} giờ",
    "days": "{count} ngày",
}

WORDS: dict[Lang, dict[str, str]] = {"en": EN, "vi": VI}


class Phrases:
    """Events as sentences in one language; `show` makes values harmless, `own` adapts our own words to the terminal."""

    def __init__(self, lang: Lang, show: Show, own: Show = str) -> None:
        self._words = {key: own(template) for key, template in WORDS[lang].items()}
        self._show = show
        self._lang = lang
        self._own = own

    def __call__(self, key: str, /, **values: str | int) -> str:
        """The sentence `key` with its values in place."""
        shown = {name: self._show(value) if isinstance(value, str) else value for name, value in values.items()}
        return self._words[key].format(**shown)

    def of(self, event: Opened | Secured | Closed | DecidedEvent) -> str:
        """The sentence of an event that is no line of a protocol."""
        match event:
            case Opened(_, _, service, server, secure):
                return self("opened.tls" if secure else "opened", server=server, service=service)
            case Secured(_, version):
                return self("secured", version=version)
            case Closed(_, why):
                return self(f"closed.{why}") if f"closed.{why}" in self._words else self("closed", why=why)
            case Authenticated(_, user, mechanism):
                return self("authenticated", user=user, mechanism=mechanism)
            case Submitted(_, message, sender, recipients, octets):
                names = self.some(recipients)
                return self("submitted", message=message, sender=sender, recipients=names, octets=octets)
            case Delivered(_, mailbox, uid, octets):
                return self("delivered", mailbox=mailbox, uid=uid, octets=octets)
            case Read(_, mailbox, uid):
                return self("read", mailbox=mailbox, uid=uid)
            case Removed(_, mailbox, uids):
                return self("removed", mailbox=mailbox, uids=self.some([str(uid) for uid in uids]))
            case Tolerated(_, rule, why):
                return self("tolerated", rule=self._remark(rule), why=self._remark(why))
            case RulePlayed(_, rule, effect):
                return self("rule", rule=rule, effect=effect) if rule else self("bug", effect=effect)
            case Warned(_, text):
                return self("warned", text=self._remark(text))
            case Stumbled(_, reference, what):
                return self("stumbled", reference=reference, what=what)
            case _:
                return self._of_job(event)

    def _of_job(self, event: Queued | Routed | Attempted | Deferred | Failed | Bounced | Dropped) -> str:
        """What happened to a message while it waited for one domain."""
        match event:
            case Queued(_, message, domain, recipients):
                return self("queued", message=message, domain=domain, recipients=self.some(recipients))
            case Routed(_, hosts):
                return self("routed", hosts=self.some(hosts)) if hosts else self("routed.none")
            case Attempted(_, host, code):
                return self("attempted", host=host, code=code) if code else self("attempted.silent", host=host)
            case Deferred(_, recipients, reason, seconds):
                wait = self.span(seconds)
                return self("deferred", reason=reason, wait=wait, recipients=self.some(recipients))
            case Failed(_, recipients, reason):
                return self("failed", recipients=self.some(recipients), reason=reason)
            case Bounced(_, to, kind, message):
                key = f"bounced.{kind}" if f"bounced.{kind}" in self._words else "bounced"
                return self(key, to=to, kind=kind, message=message)
            case Dropped(_, reason):
                return self("dropped", reason=reason)
            case _:
                assert_never(event)

    def _remark(self, text: str) -> str:
        """A remark of a machine, or the rule behind it, in the reader's language."""
        said = remark(text, self._lang)
        if self._lang == "vi" and said.startswith("RFC "):
            said = said.replace(" section ", " mục ")
        return said if said == text else self._own(said)

    def some(self, names: tuple[str, ...] | list[str]) -> str:
        """The first few names, and how many more there are."""
        shown = ", ".join(names[:NAMED])
        return self("more", names=shown, count=len(names) - NAMED) if len(names) > NAMED else shown

    def span(self, seconds: int) -> str:
        """A length of time in its two largest units: 45 s, 2 h 30 min."""
        minutes, second = divmod(max(0, seconds), 60)
        hours, minute = divmod(minutes, 60)
        days, hour = divmod(hours, 24)
        parts = [("days", days), ("hours", hour), ("minutes", minute), ("seconds", second)]
        said = [self(unit, count=count) for unit, count in parts if count]
        return " ".join(said[:2]) or self("seconds", count=0)
