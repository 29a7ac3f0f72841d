"""A dialogue on a stage: whoever holds the socket is played by `Stage`, octets in, what is told out, in one thread."""

from maillab.events import Authenticated, RulePlayed, Stumbled, Tolerated
from maillab.mail.content import Content
from maillab.mail.reply import refused
from maillab.protocols.pop3 import END, Stuffing
from maillab.rules.language import written_effect
from maillab.rules.rule import USUAL_TEXT, Kind
from maillab.rules.rule import Stage as RuleStage
from maillab.wire.turns import (
    Admit,
    Answer,
    Bell,
    Body,
    Call,
    Close,
    Commit,
    Decided,
    Deflate,
    HangBell,
    LineOrBell,
    Overruled,
    ReadOn,
    StartTls,
    Take,
    UntilDot,
    Verbatim,
    WrongPassword,
)
from tests.dialogues.reading import SAYS, agree


class Stage:
    """Plays one dialogue. `told` is what was said and done since somebody looked: lines as bytes, the rest in words."""

    def __init__(self, dialogue, *, tries=3, disturber=None):
        self.dialogue = dialogue
        self.disturber = disturber
        self.tries = tries
        self.told = []
        self.over = False
        self.has_room = True  # for one more connection of whoever logs in
        self.held = False  # the client goes on in the same piece
        self.inbox = b""
        self.half = b""  # of a line that the server says
        self.bell = Bell()
        self._life = self._run()
        next(self._life, None)

    def feed(self, octets):
        """The client says this; nobody hears it any more when the server has hung up."""
        self.inbox += octets
        if not self.over:
            next(self._life, None)

    def play(self, turns):
        """Do what the dialogue yields, which reads nothing."""
        assert not list(self._play(turns))

    def leave(self):
        """The client is suddenly gone: what is under way is broken off."""
        self._life.close()
        self.over = False
        self.play(self.dialogue.lost())

    def hear(self, line):
        """The client's line, outside a script."""
        self.feed(line)

    def heard(self, line):
        """What is told after this line."""
        self.told = []
        self.feed(line)
        return list(self.told)

    # ── the life of a connection; a bare `yield` waits for more octets ──

    def _run(self):
        if refusal := self._ruled(RuleStage.ACCEPT):
            line = self.dialogue.dressed(refusal.line)
            yield from self._play(turn for turn in (Answer(line), Close("refused")))
        yield from self._play(self.dialogue.greet())
        while not self.over:
            line = yield from self._line()
            try:
                yield from self._play(self._turns(line))
            except Exception as error:  # a fault is told as the driver tells it
                self.told += self.words(Stumbled("", "ref1", f"{type(error).__name__}: {error}"))
                yield from self._play(self.dialogue.stumbled("ref1"))

    def _turns(self, line):
        if len(line) > self.dialogue.line_octets:
            return self.dialogue.overlong(line)
        if self.disturber is not None:
            self.disturber.hear(line)
        refusal = None if self.dialogue.answering else self._ruled(RuleStage.COMMAND)
        return self.dialogue.refuse(line, refusal.line) if refusal else self.dialogue.hear(line)

    def _ruled(self, stage):
        """Play the rules of a moment; gives what is answered instead."""
        for effect in self.disturber.ask(stage) if self.disturber is not None else ():
            self.told.append(f"plays {written_effect(effect)}")
            if effect.kind is Kind.ANSWER:
                return effect
            assert effect.kind is Kind.DROP
            self.told.append("closes dropped by a rule")
            self.over = True
        return None

    def _line(self):
        while b"\n" not in self.inbox:
            yield
        line, end, self.inbox = self.inbox.partition(b"\n")
        return line + end

    def _play(self, turns):
        result, failure = None, None
        try:
            while not self.over:
                try:
                    turn = turns.throw(failure) if failure else turns.send(result)
                except StopIteration:
                    return
                result, failure = None, None
                try:
                    result = yield from self._act(turn)
                except Exception as error:
                    failure = error
        finally:
            turns.close()

    def _act(self, turn):
        match turn:
            case Answer(octets):
                self._say(octets)
            case Body(status, content):
                stuffing = Stuffing()
                self._say(status + stuffing.feed(content.whole()) + stuffing.end() + END)
            case Verbatim(pieces):
                head = b""
                for piece in pieces:
                    if isinstance(piece, bytes | Content):
                        head += piece if isinstance(piece, bytes) else piece.whole()
                    else:
                        self._say(head)
                        self.told += self.words(piece)
                        head = b""
                self._say(head)
            case ReadOn(octets):
                while len(self.inbox) < octets or b"\n" not in self.inbox[octets:]:
                    yield
                end = self.inbox.index(b"\n", octets) + 1
                octets, self.inbox = self.inbox[:end], self.inbox[end:]
                return octets
            case HangBell():
                return self.bell
            case LineOrBell():
                while b"\n" not in self.inbox:
                    if self.bell.rung:
                        return None
                    yield
                return (yield from self._line())
            case UntilDot(receiver):
                yield from self._until_dot(receiver)
            case Take(octets, intake):
                yield from self._take(octets, intake)
            case Call(function, keeps):
                if keeps and (refusal := self._ruled(RuleStage.CONTENT)):
                    raise Overruled(refusal.line)
                return function()
            case Commit(work):
                if refusal := self._ruled(RuleStage.CONTENT):
                    raise refused(int(refusal.code), refusal.enhanced, refusal.text or USUAL_TEXT)
                return finished(work())
            case Admit():
                return self.has_room
            case WrongPassword():
                self.told.append("waits")
                self.tries -= 1
                return self.tries > 0
            case StartTls(answer):
                self._say(answer)
                self.told.append("TLS")
            case Deflate(answer):
                self._say(answer)
                self.told.append("deflated")
            case Decided(event):
                self.told += self.words(event)
            case Close(why):
                self.told.append(f"closes {why}")
                self.over = True
        return None

    def _take(self, octets, intake):
        while octets:
            while not self.inbox:
                yield
            piece, self.inbox = self.inbox[:octets], self.inbox[octets:]
            octets -= len(piece)
            if intake is not None:
                intake.add(piece)

    def _until_dot(self, receiver):
        warned = False
        block, self.inbox = self.inbox, b""
        while (rest := receiver.feed(block)) is None:
            if receiver.warning and not warned:
                self.told.append("warns")
                warned = True
            while not self.inbox:
                yield
            block, self.inbox = self.inbox, b""
        self.inbox = rest

    def _say(self, octets):
        *lines, self.half = (self.half + octets).split(b"\n")
        self.told += [line + b"\n" for line in lines]

    def words(self, event):
        """An event as a script writes it; what is of no interest to one is left out."""
        match event:
            case Authenticated(_, user, mechanism):
                return [f"logs in {user} {mechanism}"]
            case RulePlayed(_, _, what):
                return [f"plays {what}"]
            case Tolerated(_, rule, _):
                return [f"tolerates {rule}"]
            case Stumbled(_, _, what):
                return [f"stumbles {what.encode('unicode_escape').decode()}"]
        raise AssertionError(event)


def finished(work):
    """What a coroutine that waits for nothing gives."""
    try:
        work.send(None)
    except StopIteration as end:
        return end.value
    raise AssertionError("it waits")


def act(stage, step, *, octet_by_octet=False):
    """One step of a script on the stage; gives a complaint or None. `octet_by_octet`: what the client says drips in."""
    if step.mark in SAYS or (step.mark, step.text) == ("*", "drops"):
        if stage.told and not stage.held:
            return f"the server went on: {stage.told[0]!r}"
        stage.held = step.mark == "C&"
        if step.mark == "*":
            stage.play(stage.dialogue.lost())
            return None
        for at in range(len(step.octets) if octet_by_octet else 1):
            stage.feed(step.octets[at : at + 1] if octet_by_octet else step.octets)
    elif step.mark == "S*":
        while stage.told and isinstance(stage.told[0], bytes) and agree(step, stage.told[0]):
            stage.told.pop(0)
    elif step.mark in ("S:", "S~", "*"):
        if octet_by_octet and stage.told[:1] == ["warns"] != [step.text]:
            stage.told.pop(0)  # it comes as soon as a dot looks like an end, whatever follows
        told = stage.told.pop(0) if stage.told else "nothing"
        if not (told == step.text if isinstance(told, str) else agree(step, told)):
            return f"told was {told!r}"
    return None
