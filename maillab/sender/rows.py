"""Rows of the queue's tables, and the values that they stand for.

Rules for this file: no disk. A row is believed only when it is one that this file could have written: what a damaged
disk or a foreign hand put there must not send mail to somebody else, and must not stop the other rows.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from maillab.mail.address import Address
from maillab.mail.envelope import Envelope, Recipient
from maillab.mail.message import Message
from maillab.mail.reply import Refused
from maillab.sender.waiting import Job

SqlRow = tuple[Any, ...]

MESSAGES = "id, born, sender_local, sender_domain, eight_bit, smtputf8, ret, envid, start, file_offset, file_octets"
JOBS = "letter, number, domain, attempts, due, warned"
RECIPIENTS = "letter, number, place, local, domain, notify, orcpt"


class RowError(ValueError):
    """This row says nothing that can be acted on; the text says why."""


# ── writing ───────────────────────────────────────────────────────────────────────────────────


def number_of(ident: str) -> int:
    """The number of a message: 7 for "L7"."""
    return int(ident[1:])


def key_of(job: Job) -> tuple[int, int]:
    """The numbers of message and job: (7, 1) for "L7.1"."""
    message, _, number = job.ident.partition(".")
    return number_of(message), int(number)


def message_row(ident: str, message: Message, born: float) -> SqlRow:
    """As `MESSAGES` has it."""
    envelope, content = message.envelope, message.content
    sender = (envelope.sender.local, envelope.sender.domain) if envelope.sender else (None, None)
    flags = (envelope.eight_bit, envelope.smtputf8, envelope.ret, envelope.envid)
    return number_of(ident), born, *sender, *flags, content.start, content.offset, content.octets


def job_row(job: Job) -> SqlRow:
    """As `JOBS` has it."""
    return *key_of(job), job.domain, job.attempts, job.due, job.warned


def recipient_rows(job: Job) -> list[SqlRow]:
    """As `RECIPIENTS` has it."""
    return [
        (*key_of(job), place, who.address.local, who.address.domain, ",".join(who.notify), who.orcpt)
        for place, who in enumerate(job.recipients)
    ]


# ── reading ───────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class ReadJobs:
    """The jobs that can be acted on, and for the others the number of their message and why they cannot."""

    jobs: tuple[Job, ...]
    broken: tuple[tuple[object, str], ...]


def read_jobs(
    messages: Iterable[SqlRow], jobs: Iterable[SqlRow], recipients: Iterable[SqlRow], initial: str
) -> ReadJobs:
    """Put together what belongs together; messages as `MESSAGES` has them, with the type of `start` instead of it."""
    born: dict[object, float] = {}
    broken: dict[object, str] = {}
    for row in messages:
        try:
            read_envelope(row)
            _expect(row[8] == "blob", "its content is no octets")
            born[row[0]] = _moment(row[1])
        except RowError as error:
            broken[row[0]] = str(error)
    by_job: dict[SqlRow, list[SqlRow]] = defaultdict(list)
    for row in recipients:
        by_job[row[:2]].append(row)
    good: list[Job] = []
    waiting = set()
    for row in jobs:
        waiting.add(row[0])
        try:
            _expect(row[0] in born, "its envelope is missing")
            good.append(_job(row, by_job.pop(row[:2], []), born[row[0]], initial))
        except RowError as error:
            broken.setdefault(row[0], str(error))
    for message, _ in by_job:
        broken.setdefault(message, "its recipients belong to no job")
    for message in born.keys() - waiting:
        broken.setdefault(message, "no job says where it goes")
    return ReadJobs(tuple(good), tuple(broken.items()))


def read_envelope(row: SqlRow) -> Envelope:
    """The envelope of a message, without recipients. Raises `RowError`."""
    number, _, local, domain, eight_bit, smtputf8, ret, envid, _, offset, octets = row
    _expect(_is_count(number) and number > 0, "its number is none")
    _expect(_is_count(offset) and _is_count(octets), "the place of its content is none")
    _expect(eight_bit in (0, 1) and smtputf8 in (0, 1), "its flags are neither yes nor no")
    _expect(ret in ("", "FULL", "HDRS") and _is_word(envid), "its wishes for reports are none")
    sender = None if local is None and domain is None else _address(local, domain)
    return Envelope(sender, (), bool(eight_bit), bool(smtputf8), ret, envid)


def _job(row: SqlRow, recipients: Sequence[SqlRow], born: float, initial: str) -> Job:
    message, number, domain, attempts, due, warned = row
    _expect(_is_count(number) and number > 0, "the number of its job is none")
    _expect(_is_count(attempts) and warned in (0, 1), "what was tried is no number")
    _expect(bool(recipients), "its recipients are missing")
    people = tuple(map(_recipient, recipients))
    domains = {who.address.ascii_domain for who in people}
    _expect(domains == {domain}, "its recipients are at another domain than it says")
    name = f"{initial}{message}"
    return Job(f"{name}.{number}", name, domain, people, born, attempts, _moment(due), bool(warned))


def _recipient(row: SqlRow) -> Recipient:
    *_, local, domain, notify, orcpt = row
    _expect(_is_word(notify) and _is_word(orcpt), "a recipient's wishes for reports are none")
    words = tuple(notify.split(",")) if notify else ()
    _expect(set(words) <= {"NEVER", "SUCCESS", "FAILURE", "DELAY"}, "a recipient's wishes for reports are none")
    return Recipient(_address(local, domain), words, orcpt)


def _address(local: object, domain: object) -> Address:
    if isinstance(local, str) and isinstance(domain, str):
        address = Address(local, domain)
        with suppress(Refused):
            complete = Address(local, domain or "home.test")  # a bare local part is one, too
            if Address.parse(str(complete)) == complete:
                return address
    raise RowError("an address in its envelope is none")


def _moment(value: object) -> float:
    if isinstance(value, int | float) and math.isfinite(value) and value >= 0:
        return float(value)
    raise RowError("a moment in it is none")


def _is_count(value: object) -> bool:
    return isinstance(value, int) and value >= 0


def _is_word(value: object) -> bool:
    return isinstance(value, str) and value.isprintable()


def _expect(condition: bool, otherwise: str) -> None:
    if not condition:
        raise RowError(otherwise)
