"""The state machines of SMTP, POP3 and IMAP as pictures and tables, from the tables of verbs that the servers obey."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from maillab.recipient import pop3
from maillab.recipient.imap import session as imap
from maillab.recipient.imap.verbs import VERBS as IMAP_VERBS
from maillab.wire import smtp_server

Language = Literal["en", "vi"]
Edges = Mapping[tuple[str, str], Sequence[str]]  # (from, to): the verbs that lead there
START_AND_END = "[*]"
ANY = "any"

MEANINGS = {
    "GREETED": {"en": "the server has spoken", "vi": "máy chủ đã chào"},
    "HELLO": {
        "en": "the client has said who it is; no message is begun",
        "vi": "máy khách đã xưng tên; chưa có thư nào bắt đầu",
    },
    "MAIL": {"en": "a message has a sender", "vi": "thư đã có người gửi"},
    "RCPT": {"en": "and a recipient", "vi": "và có người nhận"},
    "BDAT": {"en": "and a part of its content", "vi": "và có một phần nội dung"},
    "AUTHORIZATION": {"en": "nobody has logged in", "vi": "chưa ai đăng nhập"},
    "TRANSACTION": {"en": "a mailbox is open and locked", "vi": "hộp thư đang mở và bị khoá"},
    "UPDATE": {"en": "what was marked is deleted", "vi": "những thư bị đánh dấu được xoá"},
    "NotAuthenticated": {"en": "nobody has logged in", "vi": "chưa ai đăng nhập"},
    "Authenticated": {
        "en": "somebody has logged in, and looks into no folder",
        "vi": "đã đăng nhập, chưa mở thư mục nào",
    },
    "Selected": {"en": "a folder is looked into", "vi": "một thư mục đang mở"},
    "Logout": {"en": "the talk is over", "vi": "cuộc nói chuyện đã xong"},
}
WORDS = {
    "any": {"en": "any state", "vi": "mọi trạng thái"},
    "state": {"en": "state", "vi": "trạng thái"},
    "possible": {"en": "what may be said", "vi": "nói được gì"},
    "these too": {"en": "all of these, and", "vi": "tất cả những lệnh trên, và"},
    "refused": {"en": "what is out of order (503), and why", "vi": "điều gì sai thứ tự (503), và vì sao"},
}

IMAP_STATES = {  # RFC 9051 §3
    imap.Outside: "NotAuthenticated",
    imap.Inside: "Authenticated",
    imap.Looking: "Selected",
    imap.LoggedOut: "Logout",
}


def smtp_edges() -> dict[tuple[str, str], list[str]]:
    """Where SMTP's verbs lead; a verb that leads to one state from everywhere does so from `ANY`."""
    edges: dict[tuple[str, str], list[str]] = {(START_AND_END, smtp_server.SmtpState.GREETED): []}
    for name, verb in smtp_server.VERBS.items():
        leads = {state: to for state, to in verb.leads.items() if state not in verb.refused}
        if leads.keys() == set(smtp_server.SmtpState):
            edges.setdefault((ANY, *{to or START_AND_END for to in leads.values()}), []).append(name)
            continue
        for state, to in leads.items():
            edges.setdefault((state, to or START_AND_END), []).append(name)
        for state, to in smtp_server.OVER.items() if verb.content else ():
            if state not in verb.refused:
                edges.setdefault((state, to), []).append(f"{name} LAST")
    return edges


def pop3_edges() -> dict[tuple[str, str], list[str]]:
    """Where POP3's verbs lead."""
    edges: dict[tuple[str, str], list[str]] = {(START_AND_END, pop3.Pop3State.AUTHORIZATION): []}
    for name, verb in pop3.VERBS.items():
        for state, to in verb.leads.items():
            edges.setdefault((state, to or START_AND_END), []).append(name)
    return edges | {(pop3.Pop3State.UPDATE, START_AND_END): []}


def imap_edges() -> dict[tuple[str, str], list[str]]:
    """Where IMAP's commands lead; what is possible with a folder and without one leads to a folder from both."""
    edges: dict[tuple[str, str], list[str]] = {(START_AND_END, "NotAuthenticated"): []}
    for verb in IMAP_VERBS.values():
        if verb.leads is None:
            continue
        everywhere = imap.Outside in verb.states and imap.Inside in verb.states
        states = [ANY] if everywhere else [IMAP_STATES[state] for state in verb.states]
        for state in states:
            edges.setdefault((state, IMAP_STATES[verb.leads]), []).extend(verb.words.split())
    return edges | {("Logout", START_AND_END): []}


def picture(edges: Edges, language: Language) -> Iterator[str]:
    """A state diagram in Mermaid, which can be read as it is written, too."""
    yield from ("```mermaid", "stateDiagram-v2")
    if any(ANY in edge for edge in edges):
        yield f'    state "{WORDS["any"][language]}" as {ANY}'
    for (state, to), verbs in edges.items():
        yield f"    {state} --> {to}" + (f": {', '.join(verbs)}" if verbs else "")
    yield "```"


def smtp_states(language: Language) -> Iterator[str]:
    """The picture of SMTP, and what is refused in each state."""
    yield from picture(smtp_edges(), language)
    yield from ("", f"| {WORDS['state'][language]} | | {WORDS['refused'][language]} |", "|---|---|---|")
    for state in smtp_server.SmtpState:
        refused: dict[str, list[str]] = {}
        for name, verb in smtp_server.VERBS.items():
            if state in verb.refused:
                refused.setdefault(verb.refused[state], []).append(name)
        cells = "; ".join(f"{', '.join(names)}: {why}" for why, names in refused.items())
        yield f"| {state} | {MEANINGS[state][language]} | {cells} |"


def pop3_states(language: Language) -> Iterator[str]:
    """The picture of POP3, and what may be said in each state."""
    yield from picture(pop3_edges(), language)
    yield from ("", f"| {WORDS['state'][language]} | | {WORDS['possible'][language]} |", "|---|---|---|")
    for state in pop3.Pop3State:
        possible = ", ".join(name for name, verb in pop3.VERBS.items() if state in verb.states)
        yield f"| {state} | {MEANINGS[state][language]} | {possible} |"


def imap_states(language: Language) -> Iterator[str]:
    """The picture of IMAP, and what may be said in each state; what may be said without a folder may be with one."""
    yield from picture(imap_edges(), language)
    yield from ("", f"| {WORDS['state'][language]} | | {WORDS['possible'][language]} |", "|---|---|---|")
    said: set[str] = set()
    for state, name in IMAP_STATES.items():
        words = [word for verb in IMAP_VERBS.values() if issubclass(state, verb.states) for word in verb.words.split()]
        more = [word for word in words if word not in said] if state is imap.Looking else words
        said = set(words)
        shown = ", ".join(more)
        if state is imap.Looking:
            shown = f"{WORDS['these too'][language]} {shown}"
        yield f"| {name} | {MEANINGS[name][language]} | {shown} |"
