"""The one driver of every server's dialogue: octets of a socket in, lines to the dialogue, its turns acted out.

A dialogue (`wire/turns.py`) knows words and no socket; this file knows sockets and no words. What it adds: the ear, the
limits of time, length and number, answers held back while commands are waiting, blocking calls in threads.

Every moment passes one method, at which rules may disturb it (wire/disturber.py): `_accept`, `_obey` (a command line),
`_until_dot` and `_take` (content), `_commit`, `_answer`, `_start_tls`.
"""

import asyncio
import contextlib
import itertools
import re
import socket
import ssl
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import NoReturn, Protocol, TypeVar, assert_never

from maillab.events import Authenticated, Side, Stumbled, Warned
from maillab.mail.content import Content
from maillab.mail.reply import refused
from maillab.rules.rule import USUAL_TEXT, Effect, Kind, Stage
from maillab.wire.bodies import Broken, Shipment
from maillab.wire.certificate import handshake_of
from maillab.wire.descriptors import takes_reserve
from maillab.wire.disturb import Hung, act, say
from maillab.wire.disturber import OF_INTAKE, Disturber
from maillab.wire.intake import DataReader, Intake
from maillab.wire.limits import LINGER
from maillab.wire.listener_config import ListenerConfig
from maillab.wire.receive_buffer import BLOCK, Gone, ReceiveBuffer
from maillab.wire.send_buffer import SendBuffer
from maillab.wire.tap import DoorEar, Piece
from maillab.wire.tls_handshake import give_back, why_none
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
    Dialogue,
    Ending,
    HangBell,
    LineOrBell,
    Overruled,
    ReadOn,
    StartTls,
    Take,
    Turn,
    Turns,
    UntilDot,
    Verbatim,
    WrongPassword,
)

AT_A_TIME = 32  # commands that are obeyed before the other connections have their turn
FOREVER = 1e12  # seconds: no deadline while the machine itself is at work
_OF_TAKING = frozenset(Kind) - OF_INTAKE  # effects that are played when content is whole
_QUICK = getattr(socket, "TCP_QUICKACK", None)  # Linux has it
_SWALLOWED = 16  # blocks of a client that goes on talking after the last word
_LINE = re.compile(rb"[^\n]*\n|[^\n]+")
T = TypeVar("T")


class Shell(Protocol):
    """Who holds the socket. It calls `connected`, `came`, `ended`, `disconnected` and the two of flow control."""

    async def start_tls(self, context: ssl.SSLContext, seconds: float) -> asyncio.Transport | None:
        """Begin TLS on the connection as its server; gives the transport inside TLS, None when the client has left.

        Raises `OSError` and `TimeoutError` when the handshake fails.
        """
        ...


class Driver:
    """One connection at a port. The shell calls `connected`, then lets `run` run in a task of its own.

    `on_begin` hears when the connection stands, `on_end` when nothing of it is left.
    """

    _shell: Shell  # from connected() on
    _transport: asyncio.Transport
    _dialogue: Dialogue
    _ear: DoorEar
    _in: ReceiveBuffer
    _out: SendBuffer
    _disturber: Disturber

    def __init__(
        self, config: ListenerConfig, on_begin: "Callable[[Driver], None]", on_end: "Callable[[Driver], None]"
    ) -> None:
        self.config = config
        self._limits = config.limits
        self._rules = config.rules
        self._disturbed = False  # rules were asked about this connection: what they have begun is gone on with
        self._on_begin, self._on_end = on_begin, on_end
        self._loop = asyncio.get_running_loop()
        self._peer = ""
        self.calling = False  # something blocks in a thread, and is waited for
        self.committing = False  # the machine stores a message
        self.dismissed = False  # the machine is being switched off
        self._in_reserve = False  # holds an open file that others need
        self._admitted = False
        self._in_answer = False  # of which not all has been said
        self._user = ""  # who was let in
        self._shaking = False  # hands, for TLS
        self._secure = False
        self._wrong_passwords = self._bodies = self._pieces_read = 0
        self._resting: asyncio.Task[None] | None = None  # waits because a rule says so
        self._bell = Bell(self._rouse)
        self._lost = self._done = False  # the socket is gone; the task has ended
        self._alarm: asyncio.TimerHandle | None = None
        self._deadline = FOREVER
        self._session_end = self._loop.time() + self._limits.session
        self._tick = min(self._limits.command, self._limits.block)  # no deadline is set that is nearer than this

    # ── what the shell tells ──

    def connected(self, shell: Shell, transport: asyncio.Transport) -> None:
        """The connection stands."""
        config, address = self.config, transport.get_extra_info("peername") or ("?", 0)
        self._secure = transport.get_extra_info("sslcontext") is not None
        self._shell, self._transport, self._peer = shell, transport, str(address[0])
        self._ear = config.ear(address, secure=self._secure)
        self._in, self._out = ReceiveBuffer(transport), SendBuffer(transport, self._ear.server)
        self._dialogue = dialogue = config.make(self._ear.talk, self._peer, self._secure)
        point = config.point(self._ear.talk)
        self._disturber = Disturber(point, lambda name: dialogue.known(name), self._peer, secure=self._secure)
        self._in_reserve = takes_reserve(transport)
        self._admitted = not self._in_reserve and config.gate.enter(self._peer)
        self._on_alarm()
        self._on_begin(self)

    def came(self, data: bytes) -> None:
        """The client said this."""
        self._in.came(data)

    def ended(self) -> bool:
        """The client has said all. It may still listen (half-close), which TLS has not; true if it does."""
        self._in.end("lost")
        return not self._secure

    def disconnected(self) -> None:
        """The socket is gone. What came is obeyed all the same, and what has begun is finished: nobody hears of it.
        Only the first call counts.
        """
        if self._lost:
            return
        self._lost = True
        self._in.end("lost")
        self._out.lose()
        self._wake_resting()
        if self.committing:
            self._end_record("lost")
        if self._alarm is not None:
            self._alarm.cancel()
        if self._admitted:
            self.config.gate.leave(self._peer)
        self._dismiss()
        self._leave()

    def pause_writing(self) -> None:
        """The client reads more slowly than it is answered."""
        self._out.pause()

    def resume_writing(self) -> None:
        """The client has read enough."""
        self._out.resume()

    # ── life ──

    async def run(self) -> None:
        """From the greeting to the last word. Does not raise."""
        why = "lost"
        try:
            await self._accept()
            for number in itertools.count(1):
                await self._command()
                if self.dismissed:
                    raise Gone(self._bid_farewell(Ending.CLOSING))
                if not number % AT_A_TIME:
                    await asyncio.sleep(0)  # many commands in one block hold up nobody else
        except Gone as gone:
            why = str(gone)
        finally:
            await self._part(why)

    async def _accept(self) -> None:
        """Greet the client, or send it away. Raises `Gone`."""
        if not self._admitted:
            await self._heed(self._dialogue.turn_away())
        elif self._rules.active and (effect := await self._ask(Stage.ACCEPT)) is not None:
            await self._answer(self._dialogue.dressed(effect.line))
            raise Gone("refused")
        else:
            await self._heed(self._dialogue.greet())

    async def _part(self, why: str) -> None:
        """The dialogue lets go of what it holds, the last word is sent, the socket closed."""
        try:
            await self._play(self._dialogue.lost())
        except Exception as error:  # noqa: BLE001 - there is nobody left to be told but the logbook
            self._stumble(error)
        self._out.send()
        self._out.close(why)
        self._end_record(why)
        if why == "refused" and not self._lost and not self._in_reserve:
            await self._linger()
        if not self._lost:
            self._transport.close()
            if self._alarm is not None and (self._secure or self._transport.get_write_buffer_size()):
                self._alarm.cancel()
                self._alarm = self._loop.call_later(LINGER, self._transport.abort)  # of a client that reads nothing
        self._done = True
        self._leave()

    def _leave(self) -> None:
        if self._lost and self._done:
            self._on_end(self)
            # These hold the driver, and the buffers of TLS (128 KiB). What holds itself is freed by the collector only,
            # which looks through what is old once an hour.
            del self._bell, self._disturber, self._shell

    def _end_record(self, why: str) -> None:
        """Write down what the client had said in vain, and that the talk is over."""
        self._ear.unread(self._in.unread)
        self._ear.closed(why)

    async def _linger(self) -> None:
        """Swallow a little of what still comes: closing over unread octets, the kernel would take our word back."""
        try:
            async with asyncio.timeout(LINGER):
                if self._transport.can_write_eof():
                    self._transport.write_eof()
                for _ in range(_SWALLOWED):
                    self._in.drop()
                    await self._in.wait()
        except (Gone, OSError, TimeoutError):
            pass

    def dismiss(self, *, at_once: bool = False) -> None:
        """The machine is being switched off. Who waits for the answer to a message hears it first, unless `at_once`; a
        call that has begun is waited for in any case: it may hold a lock.
        """
        self.dismissed = True
        if not self.calling and (at_once or not self.committing):
            self._show_out(Ending.CLOSING)

    def _show_out(self, ending: Ending) -> None:
        """Say a last word and close, from outside the conversation."""
        if self._shaking:
            self._transport.abort()  # the client would take a word in clear for one of TLS
        elif self._out.closed or self._lost:
            self._transport.close()
        else:
            why = self._bid_farewell(ending)
            self._out.send()
            self._out.close(why)
            self._in.end(why)
            self._wake_resting()
            self._transport.close()
            if self.committing:  # else the connection's task ends now, and the record with it
                self._end_record(why)

    def _bid_farewell(self, ending: Ending) -> str:
        """Say the last word, but not into an answer; gives why, in the words of the logbook."""
        if not self._in_answer and (octets := self._dialogue.farewell(ending)):
            self._out.hold(octets)
        return "closing" if ending is Ending.CLOSING else "timeout"

    def _wake_resting(self) -> None:
        if self._resting is not None:
            self._resting.cancel()

    # ── time ──

    def _arm(self, seconds: float) -> None:
        """The client has `seconds` from now; one timer serves the whole connection and re-arms itself."""
        self._deadline = self._loop.time() + seconds

    def _on_alarm(self) -> None:
        now = self._loop.time()
        if now >= min(self._deadline, self._session_end):
            self._show_out(Ending.IDLE if now >= self._deadline else Ending.SESSION)
        else:
            self._alarm = self._loop.call_at(min(self._deadline, self._session_end, now + self._tick), self._on_alarm)

    # ── in ──

    def _acknowledge(self) -> None:
        """Tell the client's kernel that its octets came: one that sends the rest of a command only then waits 40 ms."""
        if _QUICK is not None and (wire := self._transport.get_extra_info("socket")) is not None:
            with contextlib.suppress(OSError):
                wire.setsockopt(socket.IPPROTO_TCP, _QUICK, 1)

    async def _more(self, enough: Callable[[], bool] = lambda: False) -> None:
        """Wait for more octets, after everything has been said. Raises `Gone` when there will be none."""
        await self._flush()
        await self._in.wait(enough)

    async def _command(self) -> None:
        """Read a line and obey it."""
        self._arm(self._limits.command)
        line, is_whole = await self._line()
        self._arm(FOREVER)
        if self._disturbed and self._disturber.withheld:
            raise Gone("unanswered, by a rule")
        await (self._obey(line) if is_whole else self._heed(self._dialogue.overlong(line)))

    async def _line(self, enough: Callable[[], bool] = lambda: False) -> tuple[bytes, bool]:
        """Read a line; true if it is whole. Of one that is too long, the rest is thrown away.

        b"" when something else is `enough` before a whole line has come.
        """
        limit, begin, thrown = self._dialogue.line_octets, b"", 0
        while not (line := self._in.line()):
            if not begin and enough():
                return b"", True
            if self._in.ready > limit:
                piece = self._in.read(self._in.ready - 1)  # the last octet stays: it may be half of the line end
                self._hear(piece, more=bool(begin))
                begin, thrown = begin or piece, thrown + len(piece)
                if thrown > self._dialogue.thrown_octets:
                    break
            await self._more(enough)
        if line:
            self._hear(line, more=bool(begin))
        return begin + line, not begin and len(line) <= limit

    async def _read_on(self, octets: int, *, secret: bool) -> bytes:
        """The same within a command, behind so many octets. They are written down as lines, as they came.

        Raises `Gone` after a line that is too long.
        """
        self._arm(self._limits.command)
        self._pieces_read += 1
        if not self._pieces_read % AT_A_TIME:
            await asyncio.sleep(0)  # a command of many literals holds up nobody else
        pieces, left, end = [], octets, b""
        while left:
            if not self._in.ready:
                await self._more()
            pieces.append(self._in.read(left))
            left -= len(pieces[-1])
        if not self._in.ready:
            self._acknowledge()
        while not (end := self._in.line()) and self._in.ready <= self._dialogue.line_octets:
            await self._more()
        self._arm(FOREVER)
        whole = b"".join(pieces) + (end or self._in.read(self._in.ready))
        for line in _LINE.findall(whole):
            if secret:
                self._ear.heard(line, answer=True)
            else:
                self._ear.heard_more(line)
        if not end or len(end) > self._dialogue.line_octets:
            await self._heed(self._dialogue.overlong(end))
            raise Gone("refused")
        return whole

    async def _line_or_bell(self) -> bytes | None:
        """Raises `Gone`, also when the machine is being switched off."""
        self._arm(self._limits.command)
        line, is_whole = await self._line(lambda: self._bell.rung or self.dismissed)
        self._arm(FOREVER)
        if self.dismissed and not line:
            raise Gone(self._bid_farewell(Ending.CLOSING))
        if not is_whole:
            await self._heed(self._dialogue.overlong(line))
            raise Gone("refused")
        return line or None

    def _rouse(self) -> None:
        """The bell rang, in whatever thread."""
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            self._loop.call_soon_threadsafe(self._in.stir)

    def _hear(self, octets: bytes, *, more: bool = False) -> None:
        if more:
            self._ear.heard_more(octets)
        else:
            self._ear.heard(octets, answer=self._dialogue.answering)

    async def _obey(self, line: bytes) -> None:
        """One command, or one response to a challenge."""
        if self._disturbed or self._rules.active:
            self._disturber.hear(line)
            if not self._dialogue.answering and (effect := await self._ask(Stage.COMMAND)) is not None:
                await self._heed(self._dialogue.refuse(line, self._instead(effect)))
                return
        await self._heed(self._dialogue.hear(line))

    def _instead(self, effect: Effect) -> bytes:
        """What a rule says in place of an answer; b"" for nothing."""
        self._disturber.withheld = self._disturber.withheld or effect.kind is Kind.SILENCE
        return effect.line if effect.kind is Kind.ANSWER else b""

    async def _until_dot(self, receiver: DataReader) -> None:
        """Feed the receiver until the content ends; every block has its own time (RFC 5321 §4.5.3.2.5)."""
        await self._flush()
        if self._rules.active:
            await self._ask(Stage.CONTENT, OF_INTAKE)
        warned = False
        while True:
            block = self._in.read(self._in.ready)
            if (rest := receiver.feed(block)) is not None:
                break
            self._ear.content(block, refused=receiver.refused)
            if self._disturbed:
                await self._slow(len(block))
            if receiver.warning and not warned:
                warned = True
                self.config.logbook.append(Warned(self._ear.talk, receiver.warning))
            self._arm(self._limits.block)
            await self._more()
        self._ear.content(block[: len(block) - len(rest)], refused=receiver.refused)
        self._ear.content_ended(receiver.end_mark)
        self._in.put_back(rest)
        self._arm(FOREVER)
        if self._disturbed:
            await self._slow(len(block) - len(rest))
        self._disturber.hear_content()

    async def _take(self, octets: int, intake: Intake | None) -> None:
        """Feed the intake with so many octets."""
        if self._rules.active and intake is not None:
            await self._ask(Stage.CONTENT, OF_INTAKE)
        while octets:
            if not self._in.ready:
                self._arm(self._limits.block)
                await self._more()
            piece = self._in.read(octets)
            octets -= len(piece)
            if intake is not None:
                intake.add(piece)
            self._ear.content(piece, refused=intake is None or intake.fault is not None)
            if not octets:
                self._ear.content_ended()
            if self._disturbed:
                await self._slow(len(piece))
        self._arm(FOREVER)

    # ── turns ──

    async def _heed(self, turns: Turns) -> None:
        """Play turns; whatever goes wrong with us is told to the client as a reference, never as itself (T101)."""
        try:
            await self._play(turns)
        except Gone:
            raise
        except Exception as error:  # noqa: BLE001 - the last line of defence: a fault of ours is never the client's
            await self._play(self._dialogue.stumbled(self._stumble(error)))

    def _stumble(self, error: Exception) -> str:
        """Write down a fault of ours; gives the reference."""
        reference = self.config.reference()
        self.config.logbook.append(Stumbled(self._ear.talk, reference, f"{type(error).__name__}: {error}"))
        return reference

    async def _play(self, turns: Turns) -> None:
        """Do what the dialogue yields, and send it what came of it. Raises `Gone`, and whatever the dialogue raises."""
        result: object = None
        failure: Exception | None = None
        try:
            while True:
                try:
                    turn = turns.send(result) if failure is None else turns.throw(failure)
                except StopIteration:
                    return
                result = failure = None
                try:
                    if type(turn) is Answer:  # most turns are
                        await self._answer(turn.octets)
                        self._in_answer = False
                    elif type(turn) is Verbatim:  # and where messages are read, these
                        await self._say_verbatim(turn.pieces)
                    else:
                        result = await self._act(turn)
                except Gone:
                    raise
                except Exception as error:  # noqa: BLE001 - it belongs to the dialogue
                    failure = error
        finally:
            turns.close()  # of a client that left in the middle: what was begun is thrown away

    async def _act(self, turn: Turn) -> object:
        """One turn; gives what is sent back."""
        match turn:
            case Answer(octets):
                await self._answer(octets)
                self._in_answer = False
            case Decided(event):
                self.config.logbook.append(event)
                if isinstance(event, Authenticated):
                    self.config.gate.succeeded(self._peer)
                    self._disturber.learn("user", event.user)
            case UntilDot(receiver):
                await self._until_dot(receiver)
            case Take(octets, intake):
                await self._take(octets, intake)
            case Commit():
                return await self._commit(turn)
            case Call(function, keeps):
                if keeps and (effect := await self._ask_of_content()) is not None:
                    raise Overruled(self._instead(effect))
                return await self._in_thread(function)
            case Body(status, content):
                await self._carry(status, content)
            case Verbatim(pieces):
                await self._say_verbatim(pieces)
            case ReadOn(octets, secret):
                return await self._read_on(octets, secret=secret)
            case HangBell():
                return self._bell
            case LineOrBell():
                return await self._line_or_bell()
            case Admit(user):
                return self._admit(user)
            case WrongPassword():
                return await self._wrong_password()
            case StartTls(answer, refusal):
                await self._start_tls(answer, refusal)
            case Deflate(answer):
                await self._answer(answer)
                await self._flush()
                self._out.deflate()
                self._in.inflate()
            case Close(why):
                raise Gone(why)
            case _:
                assert_never(turn)
        return None

    async def _commit(self, turn: Commit) -> object:
        """Nobody cancels this task: what has begun outlives the connection (T018). A rule can only be played before."""
        if (effect := await self._ask_of_content()) is not None:
            self._instead(effect)
            raise refused(int(effect.code or 451), effect.enhanced, effect.text or USUAL_TEXT)
        self.committing = True
        try:
            return await turn.work()
        finally:
            self.committing = False

    async def _ask_of_content(self) -> Effect | None:
        """The content of a message is whole: what the rules say to that. Raises `Gone`."""
        self._disturber.hear_content()
        effect = await self._ask(Stage.CONTENT, _OF_TAKING) if self._rules.active else None
        self._disturber.mute = self._disturber.mute or (effect is not None and effect.kind is Kind.SILENCE)
        return effect

    async def _in_thread(self, function: Callable[[], T]) -> T:
        self.calling = True
        try:
            return await self._loop.run_in_executor(None, function)
        finally:
            self.calling = False

    def _admit(self, user: str) -> bool:
        """Let one more connection of this person in, if that is borne (T203)."""
        if self._lost:
            return True  # nobody is there any more who could be one too many
        self._dismiss()  # whoever was let in, but has no mailbox that can be opened
        self._user = user if self.config.gate.admit(self._peer, user) else ""
        return bool(self._user)

    def _dismiss(self) -> None:
        """Nobody is let in here any more."""
        if self._user:
            self.config.gate.dismiss(self._peer, self._user)
        self._user = ""

    async def _wrong_password(self) -> bool:
        """Wait; gives whether another guess is borne (T117, T118, T179)."""
        self._wrong_passwords += 1
        await self._flush()
        await self.config.pause(max(self._limits.auth_floor, self.config.gate.failed(self._peer)))
        return self._wrong_passwords < self._limits.auth_failures

    # ── out ──

    async def _answer(self, octets: bytes) -> None:
        """Say this with the next flush: many commands in one segment are answered in one."""
        if self._disturbed or self._rules.active:
            await self._answer_by_rules(octets)
        else:
            self._out.hold(octets)
            if self._out.brimming:
                await self._relieve()

    async def _answer_by_rules(self, octets: bytes) -> None:
        """Say it as the rules will have it, or something else."""
        disturber = self._disturber
        effects = disturber.ask_of_answer(octets)
        self._disturbed = self._disturbed or bool(effects)
        effect = await self._acted(effects)
        if effect is not None:
            octets, disturber.mute = self._dialogue.dressed(self._instead(effect)), True
        elif disturber.mute:
            return
        if not disturber.shapes:
            self._out.hold(octets)
            await self._relieve()
            return
        await self._flush()
        try:
            await say(disturber.steps(octets), self._write, self._rest)
        except Hung as hung:
            raise Gone(str(hung)) from None

    def _write(self, octets: bytes) -> None:
        """Say this at once, be it but a part of a line."""
        self._in_answer = self._in_answer or not octets.endswith(b"\n")
        self._out.hold(octets)
        self._out.send()

    async def _relieve(self) -> None:
        await self._flush()
        await asyncio.sleep(0)  # a huge answer lets the others in between

    async def _flush(self) -> None:
        """Send the held answers, and wait while the client does not read them. Raises `Gone`."""
        if self._out.closed:
            raise Gone(self._out.closed)
        self._out.send()
        if self._out.stuck:
            if self._deadline >= FOREVER:
                self._arm(self._limits.command)
            await self._out.read_by_client()

    async def _say_verbatim(self, pieces: Sequence[Piece]) -> None:
        """Say octets as they are. What stands behind the last literal is said with the next ones."""
        last = None
        for piece in pieces:
            if isinstance(piece, Content):
                self._in_answer = True
            last = piece if isinstance(piece, bytes | Content) else last
        if self._disturbed or self._rules.active:
            await self._say_by_rules(pieces)
        else:
            await self._say_in_blocks(pieces)
        self._in_answer = isinstance(last, Content)

    async def _say_in_blocks(self, pieces: Sequence[Piece]) -> None:
        """Most are in memory, and the ear hears a block of them at a time."""
        block, octets = list[Piece](), 0
        for piece in pieces:
            if isinstance(piece, Content) and piece.path is not None:
                head = _last_words(block)  # they are said when the file has been opened
                await self._say_block(block)
                await self._carry(head, piece, dotted=False)
                block, octets = [], 0
                continue
            block.append(piece)
            octets += len(piece) if isinstance(piece, bytes | Content) else 0
            if octets >= BLOCK:
                await self._say_block(block)
                block, octets = [], 0
        await self._say_block(block)

    async def _say_block(self, block: Sequence[Piece]) -> None:
        """Say pieces that are in memory."""
        self._check_there()
        if not block:
            return
        self._out.tell()
        self._ear.told(block)
        said = (piece.start if isinstance(piece, Content) else piece for piece in block)
        self._out.hold(b"".join(octets for octets in said if isinstance(octets, bytes)), told=True)
        if self._out.brimming:
            await self._relieve()

    def _check_there(self) -> None:
        """Raises `Gone` where nothing more can be said: it is written down before it leaves."""
        if self._lost or self._out.closed:
            raise Gone(self._out.closed or "lost")

    async def _say_by_rules(self, pieces: Sequence[Piece]) -> None:
        """The same as rules will have it."""
        head = b""
        for piece in pieces:
            if isinstance(piece, bytes):
                head += piece
            elif isinstance(piece, Content):
                await self._carry(head, piece, dotted=False)
                head = b""
            else:
                self.config.logbook.append(piece)
        if head:
            await self._answer(head)

    async def _carry(self, status: bytes, content: Content, *, dotted: bool = True) -> None:
        """Say a message. Raises `OSError` when it cannot be read at all."""
        self._bodies += 1
        shipment = Shipment(content, self.config.record, f"{self._ear.talk}-{self._bodies}", dotted=dotted)
        block = await self._next_block(shipment)
        await self._answer(status)
        self._in_answer = True
        if self._disturbed and (self._disturber.shapes or self._disturber.mute):
            await self._carry_disturbed(shipment, block)
        else:
            await self._carry_whole(shipment, block)
        if dotted:
            await self._answer(b".\r\n")
            self._in_answer = False
            self._out.tell()

    async def _carry_whole(self, shipment: Shipment, block: bytes) -> None:
        said = 0
        try:
            while block:
                self._check_there()
                self._out.hold(block, told=True)
                said += len(block)
                if self._out.brimming:
                    await self._relieve()
                block = await self._next_block(shipment)
        except Broken as error:
            raise Gone("the message was cut short on disk") from error
        finally:
            self._out.tell()
            for piece in shipment.pieces():
                heard = piece.between(0, said)
                said -= len(heard)
                if len(heard):
                    self._ear.carried(Side.SERVER, heard)

    async def _carry_disturbed(self, shipment: Shipment, block: bytes) -> None:
        """The same as rules will have it: the logbook hears what is said, not the message as it lies on the disk."""
        while block and not self._disturber.mute:
            await self._answer(block)
            block = await self._next_block(shipment)

    async def _next_block(self, shipment: Shipment) -> bytes:
        return shipment.next() if shipment.in_memory else await self._in_thread(shipment.next)

    # ── TLS ──

    async def _start_tls(self, answer: bytes, refusal: bytes) -> None:
        """Raises `Gone` when TLS has not come about: then nothing is left to be said."""
        assert self.config.starttls is not None
        self._transport.pause_reading()  # the client's first word of TLS must not land in our buffer
        if self._in.unread:  # RFC 3207 §4.2, RFC 2595 §4 (T112, T187)
            await self._answer(refusal)
            self._transport.resume_reading()
            raise Gone("refused")
        await self._answer(answer)
        await self._flush()
        if self._rules.active:
            await self._ask(Stage.TLS)
        if self._lost:
            raise Gone("lost")
        secured = await self._handshake(self.config.starttls)
        self._transport = self._in.transport = self._out.transport = secured
        self._secure = True
        self._disturber.learn("tls", "yes")
        self._disturber.learn("user", "")
        self._ear.secured(*handshake_of(secured.get_extra_info("ssl_object")))

    async def _handshake(self, context: ssl.SSLContext) -> asyncio.Transport:
        """Where it fails, asyncio tells nobody but its own layer that the connection is lost."""
        failure: BaseException | None = None
        secured, self._shaking = None, True
        try:
            async with asyncio.timeout(self._limits.handshake):
                secured = await self._shell.start_tls(context, self._limits.handshake)
        except (OSError, TimeoutError) as error:  # ssl.SSLError is an OSError
            failure = error
        self._shaking = False
        if secured is None or self._lost:
            why = why_none(failure)
            give_back(failure)
            self._transport.abort()
            self.disconnected()
            raise Gone(why)
        return secured

    # ── rules ──

    async def _ask(self, stage: Stage, kinds: Collection[Kind] = frozenset(Kind)) -> Effect | None:
        """Let the rules disturb this moment; gives what they answer, or that nothing is. Raises `Gone`."""
        effects = self._disturber.ask(stage, kinds)
        self._disturbed = self._disturbed or bool(effects)
        return await self._acted(effects)

    async def _acted(self, effects: Iterable[Effect]) -> Effect | None:
        try:
            return await act(effects, self._rest, self._stall, self._transport)
        except Hung as hung:
            raise Gone(str(hung)) from None

    async def _slow(self, octets: int) -> None:
        """So much content was read."""
        try:
            if seconds := self._disturber.read(octets):
                await self._rest(seconds)
        except Hung as hung:
            raise Gone(str(hung)) from None

    async def _rest(self, seconds: float) -> None:
        """Wait, as long as the connection lasts; the time is not the client's. Raises `Gone`."""
        await self._flush()
        self._arm(FOREVER)
        if self._lost:
            raise Gone(self._in.ended)
        self._resting = self._loop.create_task(self.config.pause(seconds))
        try:
            await self._resting
        except asyncio.CancelledError:
            raise Gone(self._in.ended) from None
        finally:
            self._resting = None

    async def _stall(self) -> NoReturn:
        """Say nothing more, until the client hangs up or the session has lasted long enough. Raises `Gone`."""
        await self._flush()
        self._arm(FOREVER)
        await self._in.wait_for_the_end()
        raise Gone(self._in.ended)


def _last_words(block: list[Piece]) -> bytes:
    """Take the octets away with which a block ends."""
    last = block.pop() if block else b""
    if isinstance(last, bytes):
        return last
    block.append(last)
    return b""
