"""SEARCH and SORT: which messages are so, and in which order (RFC 9051 §6.4.4, RFC 5256, RFC 5182, RFC 5267)."""

from collections.abc import Callable, Sequence

from maillab.protocols.imap import responses
from maillab.protocols.imap.commands import SearchCommand, SearchReturn, SortCommand
from maillab.protocols.imap.sequence import in_order
from maillab.recipient.imap.answers import Done, Obeying
from maillab.recipient.imap.finding import found, highest, named, names_modseq, numbers, unknown_charset
from maillab.recipient.imap.session import REV2, ImapSession, Looking
from maillab.recipient.imap.telling import enable_modseq
from maillab.recipient.imap.tracker import NamedMessage
from maillab.recipient.structure.matches import Searched
from maillab.recipient.structure.sorting import in_order as sorted_by
from maillab.wire.turns import Answer, Turns


def search(session: ImapSession, looking: Looking, command: SearchCommand, tag: bytes) -> Obeying:
    """With RETURN, or in IMAP4rev2, ESEARCH is told; else SEARCH."""
    return (yield from _told(session, looking, command, tag, named))


def sort(session: ImapSession, looking: Looking, command: SortCommand, tag: bytes) -> Obeying:
    """The same, in an order."""

    def more(searched: Searched, places: list[int]) -> list[NamedMessage]:
        return named(searched, sorted_by(searched, places, command.criteria))

    return (yield from _told(session, looking, command, tag, more))


def _told(
    session: ImapSession,
    looking: Looking,
    command: SearchCommand | SortCommand,
    tag: bytes,
    more: Callable[[Searched, list[int]], list[NamedMessage]],
) -> Obeying:
    if (refusal := unknown_charset(command.charset)) is not None:
        if SearchReturn.SAVE in (command.returns or ()):
            looking.saved = ()  # RFC 5182 §2.1: a NO leaves nothing in $
        raise refusal
    knows_modseq = names_modseq(command.key)
    if knows_modseq:
        yield from enable_modseq(session)
    messages = yield from found(session, looking, command.key, more)
    returns = command.returns
    if returns is None and REV2 in session.enabled and isinstance(command, SearchCommand):
        returns = frozenset({SearchReturn.ALL})  # RFC 9051 §6.4.4
    meant = messages if returns is None else _meant(messages, returns)
    modseq = highest(looking, meant) if knows_modseq else None  # RFC 7162 §3.1.10
    if returns is None:
        write = responses.search if isinstance(command, SearchCommand) else responses.sort
        yield Answer(write(numbers(messages, by_uid=command.by_uid), modseq))
        return Done()
    if SearchReturn.SAVE in returns:
        looking.saved = tuple(uid for _, uid in meant)
    yield from _extended(command, tag, messages, returns, modseq)
    return Done()


def _meant(messages: list[NamedMessage], returns: frozenset[SearchReturn]) -> list[NamedMessage]:
    """What $ stands for, and MODSEQ: with MIN or MAX, and nothing more, only those (RFC 5182 §2.4)."""
    if returns & {SearchReturn.ALL, SearchReturn.COUNT} or not returns & {SearchReturn.MIN, SearchReturn.MAX}:
        return messages
    ends = [messages[:1]] * (SearchReturn.MIN in returns) + [messages[-1:]] * (SearchReturn.MAX in returns)
    return [message for end in ends for message in end]


def _extended(
    command: SearchCommand | SortCommand,
    tag: bytes,
    messages: Sequence[NamedMessage],
    returns: frozenset[SearchReturn],
    modseq: int | None,
) -> Turns:
    """ESEARCH (RFC 9051 §7.3.4); where results are only saved, nothing is told. SORT has its first and its last."""
    if returns == {SearchReturn.SAVE}:
        return
    told = numbers(messages, by_uid=command.by_uid)
    everything = told if SearchReturn.ALL in returns else []
    is_sort = isinstance(command, SortCommand)
    line = responses.extended_search(
        tag,
        by_uid=command.by_uid,
        least=told[0] if told and SearchReturn.MIN in returns else None,
        most=told[-1] if told and SearchReturn.MAX in returns else None,
        count=len(told) if SearchReturn.COUNT in returns else None,
        found=[] if is_sort else everything,
        modseq=modseq if told else None,
        in_order=in_order(everything) if is_sort else b"",
    )
    yield Answer(line)
