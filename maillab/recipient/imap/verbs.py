"""All of IMAP on one screen: what may be said, in which state, and which capabilities it stands for."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from maillab.protocols.imap import commands as say
from maillab.recipient.imap.answers import Obeying
from maillab.recipient.imap.append import append
from maillab.recipient.imap.capability import capability, identify, log_out, namespace, noop
from maillab.recipient.imap.compress import compress
from maillab.recipient.imap.config import MECHANISMS
from maillab.recipient.imap.copying import copy, move
from maillab.recipient.imap.enable import enable
from maillab.recipient.imap.expunge import expunge
from maillab.recipient.imap.fetch import fetch
from maillab.recipient.imap.folders import create, delete, rename, status, subscribe
from maillab.recipient.imap.idle import idle
from maillab.recipient.imap.lists import list_folders, list_subscribed
from maillab.recipient.imap.login import authenticate, log_in, start_tls
from maillab.recipient.imap.quota import get_quota, get_quota_root
from maillab.recipient.imap.search import search, sort
from maillab.recipient.imap.selecting import check, close, select, unselect
from maillab.recipient.imap.session import ImapSession, Inside, LoggedOut, Looking, Outside
from maillab.recipient.imap.store import store
from maillab.recipient.imap.thread import thread
from maillab.wire.sasl import mechanisms

Said = TypeVar("Said")
Obeys = Callable[[ImapSession, Any, bytes], Obeying]
ANY_STATE = (Outside, Inside)  # Looking is Inside


@dataclass(frozen=True, slots=True)
class ImapVerb:
    """One row of the table: how the command is said, in which states, how it is obeyed.

    `needs` is the capability without which there is no such command. `stands_for` are those that it announces.
    `silent`: it has said all, its tagged answer too. `looks`: a client says it to hear news. `by_numbers`: messages may
    be named by numbers, so that what is gone may not be told in the answer (RFC 9051 §7.5.1). `leads`: to which state,
    when it succeeds; None where the state stays.
    """

    words: str
    states: tuple[type, ...]
    obey: Obeys
    needs: str = ""
    stands_for: tuple[str, ...] = ()
    silent: bool = False
    looks: bool = False
    by_numbers: bool = False
    leads: type | None = None

    def tells_expunges(self, command: say.ImapCommand) -> bool:
        """May what is gone be told in the answer to this command?"""
        return not self.by_numbers or bool(getattr(command, "by_uid", False))

    def why_not(self, state: object) -> str:
        """Why it cannot be said in a state."""
        if isinstance(state, Outside):
            return "Log in first"
        return "You are logged in already" if self.states == (Outside,) else "Select a folder first"


def _always(obey: Callable[[ImapSession, Said], Obeying]) -> Obeys:
    return lambda session, command, _tag: obey(session, command)


def _inside(obey: Callable[[ImapSession, Inside, Said], Obeying]) -> Obeys:
    return lambda session, command, _tag: obey(session, session.inside, command)


def _looking(obey: Callable[[ImapSession, Looking, Said], Obeying]) -> Obeys:
    return lambda session, command, _tag: obey(session, session.looking, command)


def _with_tag(obey: Callable[[ImapSession, Looking, Said, bytes], Obeying]) -> Obeys:
    """The tag stands in an answer that is not tagged."""
    return lambda session, command, tag: obey(session, session.looking, command, tag)


def capabilities(session: ImapSession) -> list[str]:
    """What this talk can do now (RFC 9051 §6.1.1), but for what is switched off here."""
    return [word for word in _possible(session) if word.partition("=")[0] not in session.config.without]


def _possible(session: ImapSession) -> Iterator[str]:
    """What is always so, and of the verbs those that are possible now."""
    outside = isinstance(session.state, Outside)
    yield from ("IMAP4rev1", "IMAP4rev2", "LITERAL+")
    if outside and session.config.tls and not session.secure:
        yield "STARTTLS"
    if outside and not session.may_log_in:
        yield "LOGINDISABLED"
    if outside and session.may_log_in:
        offered = set(mechanisms(session.config.people))
        yield from (f"AUTH={mechanism}" for mechanism in MECHANISMS if mechanism in offered)
        yield "SASL-IR"
    for verb in VERBS.values():
        yield from (word for word in verb.stands_for if word != "COMPRESS=DEFLATE" or not session.deflated)
    yield f"APPENDLIMIT={session.config.limit}"  # RFC 7889


_OF_FETCH = ("BINARY", "OBJECTID", "PREVIEW", "SAVEDATE")

# fmt: off
VERBS: Mapping[type, ImapVerb] = {
    say.CapabilityCommand: ImapVerb("CAPABILITY", ANY_STATE, _always(capability)),
    say.NoopCommand: ImapVerb("NOOP", ANY_STATE, _always(noop), looks=True),
    say.LogoutCommand: ImapVerb("LOGOUT", ANY_STATE, _always(log_out), leads=LoggedOut),
    say.IdCommand: ImapVerb("ID", ANY_STATE, _always(identify), "ID", ("ID",)),

    say.StartTlsCommand: ImapVerb("STARTTLS", (Outside,), start_tls, "STARTTLS", silent=True),
    say.AuthenticateCommand: ImapVerb("AUTHENTICATE", (Outside,), _always(authenticate), "AUTH", leads=Inside),
    say.LoginCommand: ImapVerb("LOGIN", (Outside,), _always(log_in), leads=Inside),

    say.EnableCommand: ImapVerb("ENABLE", (Inside,), _inside(enable), "ENABLE", ("ENABLE", "UTF8=ACCEPT")),
    say.SelectCommand: ImapVerb(
        "SELECT EXAMINE", (Inside,), _inside(select), "", ("CONDSTORE", "QRESYNC"), leads=Looking
    ),
    say.CreateCommand: ImapVerb("CREATE", (Inside,), _inside(create), "", ("CREATE-SPECIAL-USE",)),
    say.DeleteCommand: ImapVerb("DELETE", (Inside,), _inside(delete)),
    say.RenameCommand: ImapVerb("RENAME", (Inside,), _inside(rename)),
    say.SubscribeCommand: ImapVerb("SUBSCRIBE UNSUBSCRIBE", (Inside,), _inside(subscribe)),
    say.ListCommand: ImapVerb(
        "LIST", (Inside,), _inside(list_folders), "", ("CHILDREN", "LIST-EXTENDED", "LIST-STATUS", "SPECIAL-USE")
    ),
    say.LsubCommand: ImapVerb("LSUB", (Inside,), _inside(list_subscribed)),
    say.NamespaceCommand: ImapVerb("NAMESPACE", (Inside,), _inside(namespace), "NAMESPACE", ("NAMESPACE",)),
    say.StatusCommand: ImapVerb("STATUS", (Inside,), _inside(status), "", ("STATUS=SIZE",)),
    say.AppendCommand: ImapVerb("APPEND", (Inside,), _inside(append), "", ("MULTIAPPEND",)),
    say.IdleCommand: ImapVerb("IDLE", (Inside,), _inside(idle), "IDLE", ("IDLE",)),
    say.QuotaCommand: ImapVerb("GETQUOTA", (Inside,), _inside(get_quota), "QUOTA", ("QUOTA", "QUOTA=RES-STORAGE")),
    say.QuotaRootCommand: ImapVerb("GETQUOTAROOT", (Inside,), _inside(get_quota_root), "QUOTA"),
    say.CompressCommand: ImapVerb(
        "COMPRESS", (Inside,), compress, "COMPRESS", ("COMPRESS=DEFLATE",), silent=True
    ),

    say.CheckCommand: ImapVerb("CHECK", (Looking,), _looking(check), looks=True),
    say.CloseCommand: ImapVerb("CLOSE", (Looking,), _looking(close), leads=Inside),
    say.UnselectCommand: ImapVerb("UNSELECT", (Looking,), _looking(unselect), "UNSELECT", ("UNSELECT",), leads=Inside),
    say.ExpungeCommand: ImapVerb("EXPUNGE", (Looking,), _looking(expunge), "", ("UIDPLUS",)),
    say.SearchCommand: ImapVerb(
        "SEARCH", (Looking,), _with_tag(search), "", ("ESEARCH", "SEARCHRES", "WITHIN"), by_numbers=True
    ),
    say.SortCommand: ImapVerb("SORT", (Looking,), _with_tag(sort), "SORT", ("SORT", "ESORT"), by_numbers=True),
    say.ThreadCommand: ImapVerb(
        "THREAD", (Looking,), _looking(thread), "THREAD", ("THREAD=ORDEREDSUBJECT", "THREAD=REFERENCES"),
        by_numbers=True,
    ),
    say.FetchCommand: ImapVerb("FETCH", (Looking,), _looking(fetch), "", _OF_FETCH, by_numbers=True),
    say.StoreCommand: ImapVerb("STORE", (Looking,), _looking(store), by_numbers=True),
    say.CopyCommand: ImapVerb("COPY", (Looking,), _looking(copy)),
    say.MoveCommand: ImapVerb("MOVE", (Looking,), _looking(move), "MOVE", ("MOVE",)),
}
# fmt: on
