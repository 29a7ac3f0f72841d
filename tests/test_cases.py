"""Numbers such as T136 in the tests are hard cases, of a catalogue against which the lab is held: each that must hold
before any release is named by a test, or stands in cases_left_out.txt with a reason.
"""

import re
from pathlib import Path

HERE = Path(__file__).parent
LEFT_OUT = HERE / "cases_left_out.txt"
# A durability, B disk, C queue, D lines, E SMTP, F relaying, G the client, H POP3, I IMAP, J DNS, K MIME, L the terminal,
# M the browser, N sessions, O load
MUST_HOLD = """
1-11 13-20 22 25 28 31-33 35-36 39-40 43 49-70 72 78-95 98-106 108 111-119 122-123 129-152 155 157-171 177-188 194-209
215-229 233-256 259-274 276-277 282-293 295-311 315-319 321-324 328
"""


def must_hold():
    """The numbers of all of them, as tests write them."""
    for words in MUST_HOLD.split():
        first, _, last = words.partition("-")
        yield from (f"T{number:03}" for number in range(int(first), int(last or first) + 1))


def named():
    """Every case that a test names."""
    files = (path for path in HERE.rglob("*") if path.suffix in (".py", ".txt", ".js") and path != LEFT_OUT)
    return {case for path in files for case in re.findall(r"\bT\d{3}\b", path.read_text("utf-8"))}


def left_out():
    """Every case that is left out, and why."""
    lines = [line for line in LEFT_OUT.read_text("utf-8").splitlines() if not line.startswith("#")]
    return dict(line.split("  ", 1) for line in lines)


def test_every_case_has_a_test_or_a_reason():
    """None is forgotten, none is left out that has a test, and every reason is one."""
    cases, tests, without = {*must_hold()}, named(), left_out()

    assert cases - tests - without.keys() == set(), "name a test, or say in cases_left_out.txt why there is none"
    assert without.keys() & tests == set(), "they have a test: take them out of cases_left_out.txt"
    assert without.keys() - cases == set(), "these are none of the cases that must hold"
    assert all(len(why.split()) > 5 for why in without.values())
