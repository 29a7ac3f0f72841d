"""`maillab doctor --self-test`: whatever the doors announce is used, and what is a lie is named."""

import argparse
import json
from collections.abc import Iterator

from maillab.cli.language import say
from maillab.cli.options import find_config, lab_path
from maillab.cli.streams import put
from maillab.selftest.claim import ClaimVerdict
from maillab.selftest.proof import everything
from maillab.views.safe import safe


def run(args: argparse.Namespace) -> int:
    """Prove everything; 1 when anything is a lie."""
    verdicts = everything(find_config(args, lab_path(args)).config)
    told = list(verdicts) if args.json else list(_printed(verdicts))
    if args.json:
        put(json.dumps([row(verdict) for verdict in told], ensure_ascii=False, indent=1))
    lies = sum(1 for verdict in told if verdict.why)
    if not args.json:
        put(say(f"{len(told)} capabilities were used; {lies} are not as announced"))
    return 1 if lies else 0


def row(verdict: ClaimVerdict) -> dict[str, object]:
    """A verdict for a program."""
    return {
        "site": verdict.site,
        "service": verdict.service,
        "capability": verdict.capability,
        "when": [word for word in verdict.when if word],
        "proved": not verdict.why,
        "why": safe(verdict.why),
    }


def _printed(verdicts: Iterator[ClaimVerdict]) -> Iterator[ClaimVerdict]:
    """The same, each printed as soon as it is known."""
    for verdict in verdicts:
        put(line(verdict))
        yield verdict


def line(verdict: ClaimVerdict) -> str:
    """A row of the table for a person."""
    door = f"{verdict.site} {verdict.service}".strip()
    mark = "fail" if verdict.why else "ok"
    when = ", ".join(say(word) for word in verdict.when if word)
    row = f"{mark:<4}  {door:<28}  {verdict.capability:<24}  {when}".rstrip()
    if not verdict.why:
        return safe(row)
    where = f"{say(verdict.lie_when)}: " if verdict.lie_when else ""
    return f"{safe(row)}\n      {safe(where + say(verdict.why))}"
