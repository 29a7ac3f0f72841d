"""How a rule is written, in one line: read with complaints that point at the column, and printed again.

    rule       = "at" [site] [service] stage *condition effect *option
    stage      = "accept" / "tls" / "command" / verb / "content" / "query" [type] / "answer" ["to" (verb / type)]
    condition  = ["-"] name ":" pattern             ; as in filters; * stands for any characters
    effect     = "answer" code [enhanced] ["text"] / "drop" / "reset" / "stall" / "silence" / "delay" time
               / "throttle" octets "/s" / "fragment" octets / "coalesce" time / "garble" [per-cent]
               / "truncate" octets / "replace" "text"
    option     = "times" number / "once" / "skip" number / "every" number / "chance" per-cent

Rules for this file: whatever is typed is a `Rule` or a `RuleError`; what is printed is read as the same rule again.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from maillab.mail.address import in_a_labels, parse_domain
from maillab.mail.reply import Refused
from maillab.protocols.protocol import Protocol
from maillab.protocols.services import SERVICES
from maillab.rules import possible
from maillab.rules.rule import Condition, Effect, Kind, Rule, Stage
from maillab.spelling import nearest

LONGEST = 1_000  # characters of a rule
TEXT_OCTETS = 480  # of an answer beside its codes; a line of it has 512 (RFC 5321 §4.5.3.1.5)
DAY = 86_400_000  # milliseconds
MOST = 1_000_000_000  # octets, times

_STAGES = {stage.value: stage for stage in Stage}
_SPELLED = {"tls": ("yes", "no"), "over": ("udp", "tcp")}  # conditions that are no patterns
_UNITS = {"ms": 1, "s": 1_000, "min": 60_000, "h": 3_600_000}

_QUOTED = r'"(?:[^"\\]|\\.)*"'
_WORD = re.compile(rf'\s*((?:[^\s"]|{_QUOTED})+(?:".*)?|".*)', re.DOTALL)  # quotes that are not closed take the rest
_CLOSED = re.compile(rf'(?:[^"]|{_QUOTED})*', re.DOTALL)
_CONDITION = re.compile(r"(-?)([A-Za-z]+):(.*)", re.DOTALL)
_TIME = re.compile(r"([0-9]{1,9})(?:\.([0-9]{1,3}))?(ms|s|min|h)")
_RATE = re.compile(r"([0-9]{1,9})([kM]?)/s")
_COUNT = re.compile(r"([0-9]{1,9})")
_PER_CENT = re.compile(r"([0-9]{1,3})%")
_WRITTEN = {_RATE: "{}/s", _COUNT: "{}", _PER_CENT: "{}%"}
_ENHANCED = re.compile(r"[45](?:\.[0-9]{1,3}){2}")
_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{2}|.)", re.DOTALL)


class RuleError(ValueError):
    """Not a rule. `column` counts from 1; `text` says what is wrong there with `expression`."""

    def __init__(self, column: int, text: str, expression: str) -> None:
        super().__init__(text)
        self.column = column
        self.text = text
        self.expression = expression

    def __str__(self) -> str:
        return f"{self.text} (column {self.column})"


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    column: int

    @property
    def quoted(self) -> bool:
        return self.text.startswith('"')


def parse(text: str) -> Rule:
    """Read a rule. Raises `RuleError`.

    >>> parse('at rcpt to:bob* answer 451 4.7.1 "come back" times 2').effect.text
    'come back'
    >>> parse("at rcpt dorp")
    Traceback (most recent call last):
    maillab.rules.language.RuleError: no effect is called dorp; did you mean drop? (column 9)
    """
    if len(text) > LONGEST:
        raise RuleError(LONGEST + 1, f"a rule has at most {LONGEST} characters", text)
    return _Reader(text).read()


class _Reader:
    """Reads word by word, from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._words = [_Word(word[1], word.start(1) + 1) for word in _WORD.finditer(text)]
        self._at = 0

    def read(self) -> Rule:
        if self._words and not _CLOSED.fullmatch(self._words[-1].text):
            self._at = len(self._words) - 1
            raise self._error("these quotes are never closed")
        if not self._takes("at"):
            raise self._error("a rule begins with at, like this: at rcpt answer 451")
        site, service = self._where()
        stage_at = self._at
        stage, verb = self._stage()
        conditions = tuple(iter(self._condition, None))
        effect_at = self._at
        effect = self._effect()
        options = self._options()
        rule = Rule(stage, effect, site, service, verb, conditions, **options)
        self._check(rule, stage_at, effect_at)
        return rule

    # ── where ──

    def _where(self) -> tuple[str, str]:
        site = service = ""
        while word := self._peek():
            if "." in word and not site and ":" not in word:
                site = self._site(word)
            elif word.lower() in SERVICES and not service:
                service = word.lower()
            else:
                break
            self._at += 1
        return site, service

    def _site(self, word: str) -> str:
        try:
            return parse_domain(in_a_labels(word.lower().removesuffix(".")))
        except Refused as error:
            raise self._error(error.reply.lines[0]) from None

    def _stage(self) -> tuple[Stage, str]:
        word = self._peek()
        if not word:
            raise self._error("a stage or a command is missing here: accept, tls, rcpt, content, query mx ...")
        self._at += 1
        if (stage := _STAGES.get(word.lower())) is None:
            if word.upper() not in _commands():
                self._at -= 1
                known = (*_STAGES, *SERVICES, *_commands())
                stages = f"write a stage ({', '.join(_STAGES)}) or a command like rcpt, retr or fetch"
                raise self._error(_unknown("no stage and no command", word, known, stages))
            return Stage.COMMAND, word.upper()
        if stage is Stage.QUERY and _is_type(self._peek()):
            return stage, self._next().upper()
        if stage is Stage.ANSWER and self._takes("to"):
            verb = self._peek().upper()
            if not verb:
                raise self._error("a command is missing here: rcpt, content, retr, mx ...")
            if not any(possible.knows(protocol, stage, verb) for protocol in possible.spoken()):
                some = "write one like rcpt, content, retr or mx"
                raise self._error(_unknown("no command", verb.lower(), (*_commands(), *possible.TYPES), some))
            self._at += 1
            return stage, verb
        return stage, ""

    def _condition(self) -> Condition | None:
        term = _CONDITION.fullmatch(self._peek())
        if term is None:
            return None
        minus, name, pattern = term.groups()
        name = name.lower()
        names = _of_all(possible.conditions)
        if name not in names:
            raise self._error(_unknown("no condition", name, names))
        if '"' in pattern and not re.fullmatch(_QUOTED, pattern, re.DOTALL):
            raise self._error("put quotes around the whole pattern")
        pattern = _unquoted(pattern)
        if name in _SPELLED and pattern.lower() not in _SPELLED[name]:
            raise self._error(f"{name}: is {' or '.join(_SPELLED[name])}")
        self._at += 1
        return Condition(name, pattern, bool(minus))

    # ── what ──

    def _effect(self) -> Effect:
        word = self._peek().lower()
        try:
            kind = Kind(word)
        except ValueError:
            raise self._error(
                _unknown("no effect", word, list(Kind)) if word else "an effect is missing here: " + ", ".join(Kind)
            ) from None
        self._at += 1
        match kind:
            case Kind.ANSWER:
                return self._answer()
            case Kind.DELAY | Kind.COALESCE:
                return Effect(kind, self._number(_TIME, "a time is expected here, like 3s or 200ms", 1, DAY))
            case Kind.THROTTLE:
                return Effect(kind, self._number(_RATE, "bytes per second are expected here, like 100/s", 1, MOST))
            case Kind.FRAGMENT | Kind.TRUNCATE:
                return Effect(kind, self._number(_COUNT, "a number of bytes is expected here", 1, MOST))
            case Kind.GARBLE:
                given = _PER_CENT.fullmatch(self._peek())
                return Effect(kind, self._number(_PER_CENT, "", 1, 100) if given else 10)
            case Kind.REPLACE:
                return Effect(kind, text=self._quoted("the text to send instead is expected here, in quotes"))
            case Kind.DROP | Kind.RESET | Kind.STALL | Kind.SILENCE:
                return Effect(kind)

    def _answer(self) -> Effect:
        code = self._peek().upper()
        protocol = possible.protocol_of_answer(code)
        if protocol is None:
            raise self._error(
                "a rule answers 400 to 599, -ERR, NO, BAD, BYE or an RCODE; it cannot confirm what was not done"
                if code
                else "a code is missing here: 400 to 599, -ERR, NO, BAD, BYE or an RCODE like SERVFAIL"
            )
        self._at += 1
        enhanced = ""
        if code.isdecimal() and self._peek()[:1].isdecimal():
            enhanced = self._peek()
            if not _ENHANCED.fullmatch(enhanced) or enhanced[0] != code[0]:
                raise self._error(f"a code like {code[0]}.7.1 is expected here (RFC 3463)")
            self._at += 1
        text = ""
        if protocol.verbs and self._peek().startswith('"'):
            text = self._quoted("")
            if not text.isprintable() or len(text.encode()) > TEXT_OCTETS:
                self._at -= 1
                raise self._error(f"one printable line of at most {TEXT_OCTETS} bytes is expected here")
        return Effect(Kind.ANSWER, code=code, enhanced=enhanced, text=text)

    def _options(self) -> dict[str, Any]:
        readers: dict[str, Callable[[], tuple[str, int]]] = {
            "times": lambda: ("times", self._number(_COUNT, "a number is expected here", 1, MOST)),
            "once": lambda: ("times", 1),
            "skip": lambda: ("skip", self._number(_COUNT, "a number is expected here", 1, MOST)),
            "every": lambda: ("every", self._number(_COUNT, "a number is expected here", 2, MOST)),
            "chance": lambda: ("chance", self._number(_PER_CENT, "a percentage is expected here, like 30%", 1, 99)),
        }
        options: dict[str, Any] = {}
        while word := self._peek().lower():
            if word not in readers:
                raise self._error(_unknown("no option", word, readers))
            self._at += 1
            name, number = readers[word]()
            if name in options:
                self._at -= 1
                raise self._error(f"{name} is given twice")
            options[name] = number
        return options

    def _check(self, rule: Rule, stage_at: int, effect_at: int) -> None:
        """A rule that is possible nowhere is no rule; the complaint is of the protocol that was most likely meant."""
        if rule.service:
            meant = SERVICES[rule.service].protocol
        elif possible.protocols(rule):
            return
        else:
            having = [each for each in possible.spoken() if possible.knows(each, rule.stage, rule.verb)]
            answered = possible.protocol_of_answer(rule.effect.code)
            meant = answered if answered in having else (having or possible.spoken())[0]
        if complaint := possible.why_not(rule, meant):
            self._at = effect_at if possible.knows(meant, rule.stage, rule.verb) else stage_at
            raise self._error(complaint)

    # ── words ──

    def _peek(self) -> str:
        """The next word; "" at the end, where no word is empty."""
        return self._words[self._at].text if self._at < len(self._words) else ""

    def _next(self) -> str:
        word = self._peek()
        self._at += 1
        return word

    def _takes(self, word: str) -> bool:
        if self._peek().lower() != word:
            return False
        self._at += 1
        return True

    def _number(self, pattern: re.Pattern[str], complaint: str, least: int, most: int) -> int:
        number = pattern.fullmatch(self._peek())
        if number is None:
            raise self._error(complaint)
        amount = _amount(pattern, number)
        if not least <= amount <= most:
            bound = f"at least {_limit(pattern, least)}" if amount < least else f"at most {_limit(pattern, most)}"
            raise self._error(f"{bound} is expected here")
        self._at += 1
        return amount

    def _quoted(self, complaint: str) -> str:
        word = self._peek()
        if not word.startswith('"'):
            raise self._error(complaint)
        if not re.fullmatch(_QUOTED, word, re.DOTALL):
            raise self._error("a space is missing after the quotes")
        self._at += 1
        return _unquoted(word)

    def _error(self, text: str) -> RuleError:
        column = self._words[self._at].column if self._at < len(self._words) else len(self._text.rstrip()) + 2
        return RuleError(column, text, self._text)


def _amount(pattern: re.Pattern[str], number: re.Match[str]) -> int:
    if pattern is _TIME:
        whole, part, unit = number.groups()
        return int(whole) * _UNITS[unit] + int((part or "").ljust(3, "0")) * _UNITS[unit] // 1000
    if pattern is _RATE:
        return int(number[1]) * {"": 1, "k": 1_000, "M": 1_000_000}[number[2]]
    return int(number[1])


def _limit(pattern: re.Pattern[str], amount: int) -> str:
    if pattern is not _TIME:
        return _WRITTEN[pattern].format(amount)
    unit = [unit for unit, size in _UNITS.items() if amount % size == 0][-1]
    return f"{amount // _UNITS[unit]}{unit}"


def _is_type(word: str) -> bool:
    return bool(word) and any(possible.knows(each, Stage.QUERY, word.upper()) for each in possible.spoken())


def _commands() -> tuple[str, ...]:
    """The commands of all protocols, and what stands for content."""
    return tuple(verb for verb in _of_all(possible.verbs) if verb not in possible.TYPES)


def _of_all(ask: Callable[[Protocol], Iterable[str]]) -> tuple[str, ...]:
    """What is asked of every protocol, each once."""
    return tuple(dict.fromkeys(name for protocol in possible.spoken() for name in ask(protocol)))


def _unknown(what: str, word: str, known: Iterable[str], otherwise: str = "") -> str:
    """What was perhaps meant; else all that are known, or `otherwise`, where these are too many to be read."""
    words = [name.lower() for name in known]
    near = nearest(word, words)
    otherwise = otherwise or f"there are {', '.join(words)}"
    return f"{what} is called {word}; " + (f"did you mean {near}?" if near else otherwise)


def _unquoted(text: str) -> str:
    """What quotes stand for: an octet for each escape of it (PEP 383), a character for any other."""
    if not text.startswith('"'):
        return text
    return _ESCAPE.sub(lambda escape: _character(escape[1]), text[1:-1])


def _character(escaped: str) -> str:
    if len(escaped) == 3:
        octet = int(escaped[1:], 16)
        return chr(octet if octet < 0x80 else 0xDC00 + octet)
    return {"n": "\n", "r": "\r", "t": "\t"}.get(escaped, escaped)


# ── printing ──


def written(rule: Rule) -> str:
    """The rule in one line.

    >>> written(parse("AT Recipient.test pop3 RETR delay 3000ms once"))
    'at recipient.test pop3 retr delay 3s times 1'
    """
    site = f"{rule.site}." if rule.site and "." not in rule.site else rule.site  # a dot tells a site from a command
    words = ["at", site, rule.service, _written_stage(rule)]
    words += [f"{'-' * c.negated}{c.name}:{_pattern(c.pattern)}" for c in rule.conditions]
    words += [written_effect(rule.effect)]
    words += [f"skip {rule.skip}"] if rule.skip else []
    words += [f"every {rule.every}"] if rule.every > 1 else []
    words += [f"chance {rule.chance}%"] if rule.chance < 100 else []
    words += [f"times {rule.times}"] if rule.times else []
    return " ".join(word for word in words if word)


def _written_stage(rule: Rule) -> str:
    verb = rule.verb.lower()
    match rule.stage:
        case Stage.COMMAND:
            return verb or "command"
        case Stage.ANSWER:
            return f"answer to {verb}" if verb else "answer"
        case _:
            return f"{rule.stage} {verb}".rstrip()


def written_effect(effect: Effect) -> str:
    """What a rule does, as it is written."""
    kind, amount = effect.kind, effect.amount
    match kind:
        case Kind.ANSWER:
            text = quoted(effect.text) if effect.text else ""
            return " ".join(word for word in (kind, effect.code, effect.enhanced, text) if word)
        case Kind.DELAY | Kind.COALESCE:
            return f"{kind} {_time(amount)}"
        case Kind.THROTTLE:
            return f"{kind} {amount}/s"
        case Kind.FRAGMENT | Kind.TRUNCATE:
            return f"{kind} {amount}"
        case Kind.GARBLE:
            return f"{kind} {amount}%"
        case Kind.REPLACE:
            return f"{kind} {quoted(effect.text)}"
        case Kind.DROP | Kind.RESET | Kind.STALL | Kind.SILENCE:
            return kind


def _time(milliseconds: int) -> str:
    return f"{milliseconds // 1000}s" if milliseconds % 1000 == 0 else f"{milliseconds}ms"


def _pattern(text: str) -> str:
    return text if re.fullmatch(r'[^\s"\\\udc00-\udfff]*', text) else quoted(text)


def quoted(text: str) -> str:
    """Text in quotes, as a rule has it."""
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(char: str) -> str:
    code = ord(char)
    if char in '"\\':
        return f"\\{char}"
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if code < 0x20 or code == 0x7F else char
