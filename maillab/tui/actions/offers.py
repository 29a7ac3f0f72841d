"""What can be done where one is, what keys do it, and what can be done elsewhere; and how a thing is done.

Rules for this file: no Textual. A place is whatever has contexts, may refuse a call, and may hand out a subject.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from maillab.tui.actions.action import MOVES, Action, ActionPlace, Offer, needs_lab
from maillab.tui.actions.everywhere import start_words
from maillab.tui.actions.replay import PLAYS
from maillab.tui.actions.table import ACTIONS, HOMES, of
from maillab.tui.commands.machines import waiting_at
from maillab.tui.commands.sessions import why_none
from maillab.tui.machines.machines_now import held_sites, runs
from maillab.tui.state.conversation import Connected
from maillab.tui.state.life import LabDown
from maillab.tui.state.record import OnRecord
from maillab.tui.state.shown import Replay
from maillab.tui.subjects import HeldMessage, Machine, MessagePage, MessagePart, SavedRun, Subject, and_around

if TYPE_CHECKING:
    from maillab.tui.context import WindowContext

WRITING = {"compose", "byhand"}  # contexts of what is written: nothing can be, while a session plays
KEPT = {"mail.unread", "mail.delete", "mail.restore"}  # of messages that a session has: they stay as they were
WAYS_TO_START = {"app.start_lab", "app.free_ports"}
RETRIES = {"machine.retry", "reading.retry"}
OF_FORM = {"compose.attach", "compose.detach", "compose.editor", "compose.service", "compose.clear"}  # not by hand
ActionWords = tuple[tuple[str, str], tuple[str, str]]  # label and sentence, in both languages
OTHER_WORDS: dict[str, ActionWords] = {  # of actions that now do the opposite, or something that has to be named
    "app.record": (
        ("Save recording", "finish the recording: it is saved, and stands in Sessions"),
        ("Lưu bản ghi", "kết thúc việc ghi: bản ghi được lưu và nằm trong Phiên"),
    ),
    "app.send": (("Send draft", "send the message that was written"), ("Gửi thư nháp", "gửi thư đã soạn")),
    "compose.by_hand": (("Message", "go back to the message"), ("Thư", "quay lại thư")),
    "machine.retry": (
        ("Retry all", "nothing waits here: try every queued message of the other machines now"),
        ("Thử lại hết", "ở đây không có thư chờ: thử ngay mọi thư đang chờ ở các máy khác"),
    ),
    "machine.hold": (("Resume", "let the queue go on"), ("Chạy tiếp", "cho hàng đợi chạy tiếp")),
    "machine.power": (("Start", "open the ports of this machine"), ("Chạy", "mở các cổng của máy này")),
    "transcript.follow": (
        ("Following", "stay at this line when newer ones come"),
        ("Đang theo dõi", "ở lại dòng này: không còn luôn thấy dòng mới nhất"),
    ),
}


def contexts_of(place: object) -> tuple[str, ...]:
    """The kinds of place that it is: widgets that are not ours are of none."""
    contexts: tuple[str, ...] = getattr(place, "CONTEXTS", ())
    return contexts


def subjects_of(place: object) -> Iterator[Subject]:
    """What it hands out, and all that this is a part of, the nearest first; most places hand out nothing."""
    give: Callable[[], Subject | None] | None = getattr(place, "subject", None)
    return and_around(give() if give is not None else None)


def here(places: Sequence[ActionPlace], at: "WindowContext") -> Iterator[tuple[Action, ActionPlace]]:
    """Every action that can be done now, with its place; the nearest first."""
    seen: set[str] = set()
    subjects = [*_around(places)]  # once: a place may have to look for what it hands out
    for place in places:
        for context in contexts_of(place):
            for action in of(context):
                if action.name not in seen and is_possible(action, place, subjects, at):
                    seen.add(action.name)
                    yield as_it_is(action, place, subjects, at), place


def bound(places: Iterable[object], at: "WindowContext") -> dict[str, str]:
    """What each key is bound to in these places, the nearest first: also where it only says why it does nothing now."""
    names: dict[str, str] = {}
    actions = (action for place in places for context in contexts_of(place) for action in of(context))
    for action in actions:
        if holds(action, at):
            for key in at.own_keys.get(action.name, action.keys):
                names.setdefault(key, action.name)
    return names


def as_it_is(action: Action, place: ActionPlace | None, subjects: Sequence[Subject], at: "WindowContext") -> Action:
    """With the words for what it does now: the key that began a recording ends it, the one that plays pauses."""
    words = _words_now(action, place, subjects, at)
    return replace(action, en=words[0], vi=words[1]) if words is not None else action


def _words_now(
    action: Action, place: ActionPlace | None, subjects: Sequence[Subject], at: "WindowContext"
) -> ActionWords | None:
    """Its words where they are others than those of the table."""
    match action.name, at.life:
        case "replay.play", _ if at.playback is not None:
            return PLAYS.get(at.playback.state)
        case "app.free_ports", LabDown(by=by):
            return start_words(by)
    return OTHER_WORDS[action.name] if action.name in OTHER_WORDS and _is_other(action, place, subjects, at) else None


def _is_other(action: Action, place: ActionPlace | None, subjects: Sequence[Subject], at: "WindowContext") -> bool:
    """Is it said with its other words? A record grows, a draft is unseen, a machine stopped, a queue held, the newest
    line is followed, a queue is empty.
    """
    match action.name:
        case "transcript.follow":
            return bool(getattr(place, "follow", False))
        case "app.record":
            return isinstance(at.records.state, OnRecord)
        case "machine.power":
            machine, lab = subject_for(action, subjects), at.host.lab
            return isinstance(machine, Machine) and lab is not None and not runs(lab, machine.site)
        case "machine.retry":
            machine = subject_for(action, subjects)
            return isinstance(machine, Machine) and not waiting_at(at, machine.site)
        case "machine.hold":
            machine = subject_for(action, subjects)
            return isinstance(machine, Machine) and machine.site in held_sites(at)
        case "app.send":
            return at.drafting.is_behind or at.ui.where()[0] != "lab"
        case _:
            return at.drafting.is_behind and at.ui.where()[0] == "lab"


def leads_somewhere(action: Action, at: "WindowContext") -> bool:
    """Would its key change anything now? One that only says why it does not is no hint."""
    playback = at.playback
    if action.context == "transcript" and not at.model.entries:
        return False  # nothing is followed or wrapped yet
    if action.name in RETRIES and not at.model.queues.initials:
        return False  # nothing waits anywhere
    return action.context != "replay" or playback is None or action.name.partition(".")[2] in playback.moves_now


def what_words_depend_on(at: "WindowContext") -> tuple[object, ...]:
    """While this is the same, the same keys are called the same and lead somewhere, wherever one is."""
    playback = at.playback
    replayed = playback and (playback.state, playback.moves_now)
    model = at.model
    return type(at.life), type(at.records.state), held_sites(at), bool(model.entries), model.queues.initials, replayed


def holds(action: Action, at: "WindowContext") -> bool:
    """Is its key its own now? Those of a session are while one plays, those of the form while it shows, those of what
    is typed by hand while that does; that of a draft on the server is another's where no server runs.
    """
    if action.context == "replay":
        return isinstance(at.shown, Replay)
    if action.context == "byhand" or action.name in OF_FORM:
        return at.drafting.is_behind is (action.context == "byhand")
    return action.name != "compose.keep" or not isinstance(at.life, LabDown)


def is_possible(action: Action, place: ActionPlace, subjects: Sequence[Subject], at: "WindowContext") -> bool:
    """Can it be done now, to one of these if it needs one?"""
    plays, context = isinstance(at.shown, Replay), action.context
    if plays and (needs_lab(action, at.records) or context in WRITING or action.name in KEPT):
        return False
    if not at.can_send and (
        action.name == "app.send" or (action.name == "app.record" and needs_lab(action, at.records))
    ):
        return False
    if not holds(action, at):
        return False
    if action.name in WAYS_TO_START and not isinstance(at.life, LabDown):
        return False
    if action.name == "machine.hold" and not _is_up(subject_for(action, subjects), at):
        return False  # the queue of a machine that is stopped stands still anyway
    if action.name == "byhand.hang_up" and not isinstance(at.conversation.line, Connected):
        return False
    if context == "transcript" and isinstance(at.life, LabDown) and not at.model.entries:
        return False  # nor will one come
    if context == "reading" and not at.model.entries:
        return False  # before the first line nothing is read, found or taken along
    if context == "mail" and at.messages is None:
        return False  # nobody has any mail
    if action.does is None:
        method = action.method.rpartition(".")[2]  # of the screen, where a place may still refuse it
        return bool(place.check_action(method, ()))
    return not action.needs or subject_for(action, subjects) is not None


def _is_up(machine: Subject | None, at: "WindowContext") -> bool:
    """Is this no machine that is known to be stopped?"""
    lab = at.host.lab
    return not (isinstance(machine, Machine) and lab is not None) or runs(lab, machine.site)


def elsewhere(seen: Collection[str], own_keys: Mapping[str, tuple[str, ...]]) -> Iterator[Offer]:
    """Every action of other panes, each with its keys and the pane to go to."""
    for action in ACTIONS:
        if action.name not in seen and action.context in HOMES and action.context not in MOVES:
            mode, pane = HOMES[action.context]
            yield Offer(action, own_keys.get(action.name, action.keys), mode, pane)


def _around(places: Sequence[ActionPlace]) -> Iterator[Subject]:
    """What these places hand out, the nearest first."""
    return (subject for place in places for subject in subjects_of(place))


def subject_for(action: Action, subjects: Iterable[Subject]) -> Subject | None:
    """The first of a kind that the action needs."""
    return next((subject for subject in subjects if isinstance(subject, action.needs)), None)


def perform(action: Action, places: Sequence[ActionPlace], at: "WindowContext") -> None:
    """Do it, with the nearest subject of its kind; where something is missing, say what."""
    assert action.does is not None
    if action.live and not at.living():
        return
    given: tuple[object, ...] = (at,)
    if action.needs:
        subjects = [*_around(places)]
        subject = subject_for(action, subjects)
        if subject is None:
            at.ui.say(_what_is_missing(action, subjects, at), bad=True)
            return
        given = (at, subject)
    work = action.does(*given)
    if work is not None:
        at.ui.attempt(work, asks=action.asks)


def _what_is_missing(action: Action, subjects: Iterable[Subject], at: "WindowContext") -> str:
    """What to choose first; in Sessions and in Mail one is always chosen where there is any."""
    mode = at.ui.where()[0]
    if SavedRun in action.needs and mode == "sessions":
        return why_none(at)
    is_of_a_message = any(issubclass(kind, HeldMessage | MessagePage | MessagePart) for kind in action.needs)
    if is_of_a_message and mode == "mail" and not any(isinstance(subject, HeldMessage) for subject in subjects):
        return at.texts("needs.heldmessage.none")
    return at.texts(f"needs.{action.needs[0].__name__.lower()}")
