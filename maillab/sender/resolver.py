"""Asking the lab's name server, and no other: MX and addresses, as the values that `route.py` reads.

The only place where dnspython's untyped records are touched. Answers are remembered as long as their TTL says, by the
clock of the lab, and sorted: the dice are thrown in `route.py`, with those that are passed in.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import dns.asyncresolver
import dns.exception
import dns.name
import dns.nameserver
import dns.rdatatype
import dns.resolver

from maillab.sender.route import HostAnswer, LookupResult, MxAnswer

TTL_LIMIT = 86_400  # seconds; RFC 2181 §8 allows 68 years
REMEMBERED = 2_000  # answers

A = TypeVar("A", MxAnswer, HostAnswer)


class Resolver:
    """Asks the name server at `host`:`port`; `timeout` seconds for one try, `lifetime` for all tries of a question."""

    def __init__(
        self, host: str, port: int, clock: Callable[[], float], *, timeout: float = 2.0, lifetime: float = 5.0
    ) -> None:
        self._clock = clock
        self._resolver = dns.asyncresolver.Resolver(configure=False)
        self._resolver.nameservers = [dns.nameserver.Do53Nameserver(host, port)]
        self._resolver.timeout = timeout
        self._resolver.lifetime = lifetime
        self._remembered: dict[tuple[str, str], tuple[float, MxAnswer | HostAnswer]] = {}

    async def mx(self, domain: str) -> MxAnswer:
        """The MX records of a domain (in A-labels). Trouble of any kind is an answer, never an error."""
        remembered = self._known(domain, "MX", MxAnswer)
        if remembered is not None:
            return remembered
        found, answer, ttl, why = await self._ask(domain, "MX")
        records = tuple(sorted((int(record.preference), _text(record.exchange)) for record in answer))
        return self._keep(domain, "MX", MxAnswer(found, records, why), ttl)

    async def host(self, name: str) -> HostAnswer:
        """The addresses of a host: IPv4, or IPv6 where it has no other."""
        remembered = self._known(name, "A", HostAnswer)
        if remembered is not None:
            return remembered
        found, answer, ttl, why = await self._ask(name, "A")
        if found is LookupResult.NO_DATA:
            found, answer, ttl, why = await self._ask(name, "AAAA")
        addresses = tuple(sorted(str(record.address) for record in answer))
        canonical = _text(answer.canonical_name) if addresses else ""
        alias = canonical if canonical.lower() != name.lower() else ""
        return self._keep(name, "A", HostAnswer(found, addresses, alias, why), ttl)

    def forget(self) -> None:
        """Ask everything anew."""
        self._remembered.clear()

    def _known(self, name: str, kind: str, shape: type[A]) -> A | None:
        until, answer = self._remembered.get((name.lower(), kind), (0.0, None))
        return answer if isinstance(answer, shape) and self._clock() < until else None

    def _keep(self, name: str, kind: str, answer: A, ttl: float) -> A:
        if answer.found is not LookupResult.TROUBLE and ttl > 0:
            if len(self._remembered) >= REMEMBERED:
                self._remembered.clear()
            self._remembered[name.lower(), kind] = (self._clock() + min(ttl, TTL_LIMIT), answer)
        return answer

    async def _ask(self, name: str, kind: str) -> tuple[LookupResult, Any, float, str]:
        """What was found, the records (empty unless YES), for how many seconds that is true, and what went wrong."""
        try:
            question = dns.name.from_text(name)
            answer = await self._resolver.resolve(question, kind, search=False, raise_on_no_answer=False)
        except dns.resolver.NXDOMAIN as error:
            responses: dict[object, Any] = error.kwargs.get("responses") or {}
            response = next(iter(responses.values()), None)
            return LookupResult.NO_NAME, (), response.resolve_chaining().minimum_ttl if response else 0, ""
        except dns.resolver.LifetimeTimeout:
            return LookupResult.TROUBLE, (), 0, "no answer in time"
        except dns.resolver.NoNameservers as error:
            return LookupResult.TROUBLE, (), 0, _refusal(error)
        except (dns.name.LabelTooLong, dns.name.NameTooLong, dns.name.EmptyLabel):
            return LookupResult.NO_NAME, (), 0, ""  # no name server can know what is no name
        except (dns.exception.DNSException, OSError) as error:
            return LookupResult.TROUBLE, (), 0, type(error).__name__
        ttl = answer.chaining_result.minimum_ttl
        if answer.rrset is None:
            return LookupResult.NO_DATA, (), ttl, ""
        return LookupResult.YES, answer, ttl, ""


def _text(name: Any) -> str:
    """A name as master files write it, without the final dot; odd octets escaped; the root is ""."""
    return str(name.to_text(omit_final_dot=True)) if len(name.labels) > 1 else ""


def _refusal(error: dns.resolver.NoNameservers) -> str:
    """The last thing that the name server said: SERVFAIL, REFUSED, or that its answer made no sense."""
    errors: Any = error.kwargs.get("errors") or [[""]]
    last = errors[-1][3] if len(errors[-1]) > 3 else ""
    return str(last) or "no usable answer"
