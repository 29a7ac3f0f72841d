"""Rules from what older configurations called faults: at a verb of port 25, a code, so many times."""

from typing import Any

from maillab.rules.language import quoted

_STAGES = {"CONNECT": "accept", ".": "content"}


def of_fault(fault: dict[str, Any]) -> str:
    """The rule that does the same; whether it is one is for `parse` to say. Raises `KeyError` where it is no fault.

    >>> of_fault({"verb": "RCPT", "code": 451, "enhanced": "4.7.1", "text": "later", "times": 2})
    'at smtp rcpt answer 451 4.7.1 "later" times 2'
    >>> of_fault({"verb": ".", "code": 0})
    'at smtp content drop'
    """
    verb, code, times = str(fault["verb"]), fault["code"], fault.get("times", 0)
    enhanced, text = str(fault.get("enhanced", "")), str(fault.get("text", ""))
    answer = ("answer", str(code), enhanced, quoted(text) if text else "") if code else ("drop",)
    words = ("at smtp", _STAGES.get(verb, verb.lower()), *answer, f"times {times}" if times else "")
    return " ".join(filter(None, words))
