"""Everything that every door announces, put to the proof."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from maillab.config import Config
from maillab.endpoints import Endpoint
from maillab.lab import Lab
from maillab.protocols import imap, pop3, smtp
from maillab.protocols.services import DNS, SERVICES, SUBMISSION
from maillab.selftest import dns as of_dns
from maillab.selftest import http as of_http
from maillab.selftest import imap as of_imap
from maillab.selftest import pop3 as of_pop3
from maillab.selftest import smtp as of_smtp
from maillab.selftest.claim import UNPROVED, Claim, ClaimVerdict, Lie
from maillab.selftest.lab import PROVER, open_lab
from maillab.selftest.subject import ProvedDoor

_CLAIMS: dict[str, Callable[[ProvedDoor], Iterable[Claim]]] = {  # by protocol
    smtp.SMTP.name: of_smtp.claims,
    pop3.POP3.name: of_pop3.claims,
    imap.IMAP.name: of_imap.claims,
}


def everything(config: Config) -> Iterator[ClaimVerdict]:
    """A lab of this configuration, and one verdict for each capability of each of its doors, door by door.

    The HTTP door is proved where somebody may submit a message, which it is to show.
    """
    with open_lab(config) as (lab, http):
        doors = [door for door in lab.endpoints if door != http]
        for door in doors:
            yield from judged(door, _claims_of(lab, door))
        submission = next((door for door in doors if door.service == SUBMISSION.name), None)
        if submission is not None:
            yield from judged(http, of_http.claims(http, _proved(lab, submission)))


def _claims_of(lab: Lab, door: Endpoint) -> Iterable[Claim]:
    if door.service == DNS.name:
        return of_dns.claims(door, lab.zones)
    return _CLAIMS[SERVICES[door.service].protocol.name](_proved(lab, door))


def _proved(lab: Lab, door: Endpoint) -> ProvedDoor:
    return ProvedDoor(door, lab.endpoints, f"{PROVER.name}@{door.site}", PROVER.password, lab.authority.client())


def judged(door: Endpoint, claims: Iterable[Claim]) -> list[ClaimVerdict]:
    """What comes of all claims of a door: one verdict a capability, in the order in which they were first heard of."""
    verdicts: dict[str, ClaimVerdict] = {}
    try:
        for claim in claims:
            blank = ClaimVerdict(door.site, door.service, claim.capability, ())
            before = verdicts.get(claim.capability, blank)
            after = replace(before, when=(*before.when, claim.when))
            if not before.why and (why := _reason(claim)):
                after = replace(after, why=why, lie_when=claim.when)
            verdicts[claim.capability] = after
    except Lie as lie:  # before anything was announced
        verdicts[""] = ClaimVerdict(door.site, door.service, "", (), str(lie))
    return [*verdicts.values()]


def _reason(claim: Claim) -> str:
    """Why a claim does not hold, "" where it does."""
    if claim.prove is None:
        return UNPROVED
    try:
        claim.prove()
    except Lie as lie:
        return str(lie)
    except OSError as error:  # nobody answers at the door any more
        return str(error)
    return ""
