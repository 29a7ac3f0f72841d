"""`/api/v1/chaos`: commands that are refused at random, as rules of the lab (`maillab help rules`)."""

from starlette.requests import Request
from starlette.responses import Response

from maillab.protocols.services import SMTP, SUBMISSION, SUBMISSIONS
from maillab.rules.language import RuleError, parse
from maillab.web.answering import BadQuestion, as_json, asked, context_of
from maillab.web.context import HttpContext
from maillab.web.mailpit.shapes import Trigger, Triggers

_STAGES = {  # trigger: command, usual code, who is refused
    "sender": ("mail", 451, "sender"),
    "recipient": ("rcpt", 451, "recipient"),
    "authentication": ("auth", 535, "authentication"),
}
_DOORS = (SMTP, SUBMISSION, SUBMISSIONS)


async def shown(request: Request) -> Response:
    """What is refused at present."""
    return as_json(_triggers(context_of(request)))


async def put(request: Request) -> Response:
    """Refuse so often from now on."""
    context, wanted = context_of(request), await asked(request, Triggers)
    rules = {name: _rules(context, name, getattr(wanted, name)) for name in _STAGES}
    for number in (number for numbers in context.chaos.values() for number in numbers):
        if any(listed.number == number for listed in context.lab.rules.listed):
            context.lab.rules.remove(number)
    context.chaos = {name: tuple(map(context.lab.rules.add, texts)) for name, texts in rules.items()}
    return as_json(_triggers(context))


def _rules(context: HttpContext, name: str, trigger: Trigger) -> list[str]:
    """The rules that stand for a trigger, at the doors where programs hand in. Raises `BadQuestion`."""
    command, usual, whom = _STAGES[name]
    code = trigger.error_code or usual
    site = context.lab.config.sites[0].domain
    chance = f" chance {trigger.probability}%" if trigger.probability < 100 else ""
    texts = [
        f'at {site} {door.name} {command} answer {code} "Chaos {whom} error"{chance}'
        for door in _DOORS
        if trigger.probability
    ]
    try:
        for text in texts:
            parse(text)
    except RuleError as error:
        raise BadQuestion(f"ErrorCode {code}: {error.text}") from None
    return texts


def _triggers(context: HttpContext) -> Triggers:
    return Triggers(**{name: _trigger(context, name) for name in _STAGES})


def _trigger(context: HttpContext, name: str) -> Trigger:
    """As the rules have it that are still on the list and switched on."""
    numbers = context.chaos.get(name, ())
    for listed in context.lab.rules.listed:
        if listed.number in numbers and listed.on:
            return Trigger(int(listed.rule.effect.code), listed.rule.chance)
    return Trigger(_STAGES[name][1], 0)
