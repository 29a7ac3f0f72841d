"""`/maillab/v1/rules`: what is disturbed, added, edited, switched and removed while the lab runs."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from maillab.rules.language import RuleError
from maillab.rules.live import Listed
from maillab.rules.presets import PRESETS, preset
from maillab.web.answering import as_json, asked, context_of, not_found
from maillab.web.numbers import whole_number
from maillab.web.ours.complaints import complaint
from maillab.web.ours.shapes import WrittenRule


async def listed(request: Request) -> Response:
    """Every rule, in the order in which they are asked, and for each site some that are ready to be added."""
    lab = context_of(request).lab
    sites = [site.domain for site in lab.config.sites]
    presets = [{"name": name, "site": site, "rule": preset(name, site)} for site in sites for name in PRESETS]
    return as_json({"rules": [_told(rule) for rule in lab.rules.listed], "presets": presets})


async def add(request: Request) -> Response:
    """Add a rule at the end."""
    lab, wanted = context_of(request).lab, await asked(request, WrittenRule)
    try:
        number = lab.rules.add(lab.config.rule(wanted.rule or ""))
    except RuleError as error:
        raise complaint(request, error) from None
    if wanted.on is False:
        lab.rules.switch(number, on=False)
    return as_json(_told(lab.rules[number]), 201)


async def change(request: Request) -> Response:
    """Write a rule anew, or switch it on or off."""
    lab, wanted = context_of(request).lab, await asked(request, WrittenRule)
    try:
        number = _number(request)
        if wanted.rule is not None:
            lab.rules.edit(number, lab.config.rule(wanted.rule))
        if wanted.on is not None:
            lab.rules.switch(number, on=wanted.on)
        return as_json(_told(lab.rules[number]))
    except RuleError as error:
        raise complaint(request, error) from None
    except LookupError as error:
        return not_found(str(error))


async def remove(request: Request) -> Response:
    """Take a rule off the list."""
    try:
        context_of(request).lab.rules.remove(_number(request))
    except LookupError as error:
        return not_found(str(error))
    return as_json({})


def _number(request: Request) -> int:
    """Which rule. Raises `LookupError`."""
    text = request.path_params["number"]
    if (number := whole_number(text)) is None:
        raise LookupError(f"no rule has the number {text[:100]}")
    return number


def _told(listed: Listed) -> dict[str, Any]:
    return {
        "number": listed.number,
        "rule": listed.text,
        "on": listed.on,
        "over": listed.over,
        "met": listed.met,
        "played": listed.played,
    }
