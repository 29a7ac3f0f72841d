"""Strings of every hostile kind, made from a seed; each has its number in front."""

import random

from tests.tui.hostile.reading import HIDDEN

H = "\x1b]52;c;UFdOSVQ=\x07\x1b]0;PWN\x07\x1b[31m\x9b32m\x1bP+q544e\x1b\\\b\x7f\r\x00\v\u202e\u2066\u200b\u061c\ud800"
M1 = "[@click=app.quit]x[/]"
M2 = "[/nope] [bold"
M3 = "[@click=app.screenshot('x.svg','.')]invoice[/]"

FIXED = (
    H, M1, M2, M3,
    "\x1b]0;PWN\x07", "\x1b]2;PWN\x1b\\", "\x1b]1;PWN\x9c", "\x1b]52;c;UFdOSVQ=\x07", "\x1b]52;p;?\x1b\\",
    "\x1b]8;;http://evil.test/\x1b\\here\x1b]8;;\x1b\\", "\x1b]4;1;?\x07", "\x1b]10;?\x07", "\x1b]7;file://x/\x07",
    "\x1b]9;PWN\x07", "\x1b]22;wait\x07", "\x1b]777;notify;PWN;x\x07", "\x1b]1337;File=inline=1:UFdO\x07", "\x1b]0;PWN",
    "\x1bP+q544e\x1b\\", "\x1bP$q\"p\x1b\\", "\x1bPq#0;2;0;0;0#0~~@@vv\x1b\\", "\x1b_Ga=T,f=24;UFdO\x1b\\",
    "\x1b^PWN\x1b\\", "\x1bXPWN\x1b\\", "\x1bkPWN\x1b\\", "\x1bc", "\x1b7\x1b8", "\x1b#8", "\x1b(0lqk\x1b(B", "\x1b%@",
    "\x1bN\x1bO", "\x1b=\x1b>", "\x1bZ", "\x1bM\x1bD\x1bE", "\x1b", "\x1b\x1b", "\x1b[", "\x1b]", "\x1bP",
    "\x1b[31m", "\x1b[0m", "\x1b[7;5m", "\x1b[8m", "\x1b[m", "\x1b[38;2;1;2;3m", "\x1b[2J\x1b[H", "\x1b[3J", "\x1b[1;1H",
    "\x1b[6n", "\x1b[c", "\x1b[>c", "\x1b[21t", "\x1b[?1049l", "\x1b[?25h", "\x1b[?1003h", "\x1b[?2004l", "\x1b[?2026h",
    "\x1b[>1u", "\x1b[<u", "\x1b[?2026$p", "\x1b[?69h", "\x1b[5i", "\x1b[4h", "\x1b[!p", "\x1b[200~", "\x1b[201~", "\x1b[1;5r",
    "\x9b31m", "\x9d0;PWN\x9c", "\x90+q544e\x9c", "\x9fG\x9c", "\x98x\x9c", "\x9e", "\x84\x85\x8d", "\x8e\x8f", "\x9a",
    "\x07", "\b\b\b", "\rPWN", "\x7f", "\x0e\x0f", "\f\v", "\x05", "\x00", "\n", "\r\n", "\t", "\x1a\x18", "\x11\x13",
    "\u202e", "\u202dx\u202c", "\u2066\u2067\u2068\u2069", "\u200e\u200f\u061c", "\u202a\u202b", "user\u202emoc.live@bank.test",
    "invoice\u202efdp.exe", "\u200b\u200c\u200d", "\u2060\ufeff\xad\u180e", "\u2061\u2064\u206a\u206f", "\u2028\u2029",
    "\U000e0001\U000e0050\U000e0057\U000e004e\U000e007f", "\U000e0100", "\ufff9a\ufffab\ufffb", "\U0001d173\U0001d17a",
    "\U00013430\U0001343f", "\U0001bca0", "\ufffe\uffff", "\u3164\u115f\uffa0", "\ud800", "\udfff\ud800", "\udc80\udcff", "\udc9b31m",
    "[@click='app.bell']x[/]", "[link=http://evil.test]x[/link]", "[red on blue]x", "[/]", "[", "\\[", "[[", "[/red]", "[@click=",
    "[b]x[/b]", ":smile:", "{0}", "{count}", "{{", "%s%n", "$(id)", "`id`", "$foreground", "[$error]x", "&#27;[31m", "%1b[31m",
    "\\x1b[31m", "=?utf-8?b?G11dMDtQV04H?=", "e\u0301\u0302\u0303\u0304\u0305\u0306\u0307", "日本", "👍🏽", "👩\u200d👩\u200d👧", "\u0e33", "é", "ệ",
)  # fmt: skip
_FILLERS = ("", " ", "x", "PWN", "invoice", "@", '"', "'", "<>", ",", ":", ";", "/", "..", "%", "\\")
_ENDS = ("\x07", "\x1b\\", "\x9c", "")
_FINALS = "@ABCDEFGHIJKLMPSTXZ`abcdefghilmnpqrstuvwxyz{|}~"


def strings(seed: int, count: int, first: int = 0) -> list[str]:
    """So many hostile strings, always the same of a seed; each begins with its number, so that it can be seen."""
    dice = random.Random(seed)
    return [f"{number:04x}|{_string(dice)}" for number in range(first, first + count)]


def _string(dice: random.Random) -> str:
    parts = [_part(dice) for _ in range(dice.choice((1, 1, 1, 2, 2, 3, 5)))]
    return "".join(f"{part}{dice.choice(_FILLERS)}" for part in parts)


def _part(dice: random.Random) -> str:
    match dice.randrange(8):
        case 0:
            return _sequence(dice)
        case 1:
            return "".join(chr(dice.choice(HIDDEN)) for _ in range(dice.randint(1, 4)))
        case 2:
            return dice.choice("e日x") + "\u0301\u0323\u20dd"[dice.randrange(3)] * dice.randint(1, 40)
        case _:
            return dice.choice(FIXED)


def _sequence(dice: random.Random) -> str:
    """Any sequence of the form of CSI, OSC, DCS, APC, PM, SOS; of seven bits or of eight; whole or not."""
    begin = dice.choice(("\x1b[", "\x9b", "\x1b]", "\x9d", "\x1bP", "\x90", "\x1b_", "\x9f", "\x1b^", "\x1bX"))
    numbers = ";".join(str(dice.choice((0, 1, 2, 4, 8, 22, 52, 1000, 2026))) for _ in range(dice.randint(0, 3)))
    if begin in ("\x1b[", "\x9b"):
        return f"{begin}{dice.choice(('', '', '?', '>', '<', '='))}{numbers}{dice.choice(('', '', '$', ' '))}{dice.choice(_FINALS)}"
    return f"{begin}{numbers};PWN{dice.choice(_ENDS)}"


MONSTERS = (
    "x" * 1_000_000,
    "日" * 200_000,
    "\n" * 100_000,
    "\t" * 100_000,
    "e" + "\u0301" * 100_000,
    "👩\u200d" * 20_000,
    f"{H}{M1}{M2}{M3}" * 2_000,
    "\ud800" * 50_000,
    "\u202e" * 50_000,
    "a\u0301" * 50_000,
    "x " * 100_000,
    "[" * 100_000,
)
"""Strings of which each alone is too much."""
