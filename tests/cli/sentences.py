"""The sentences that the command line says, read from its source: each with {} where a value goes."""

import ast
from collections.abc import Iterator

from tests.house import modules

SAYERS = {
    "fail": (1,),
    "say": (0,),
    "Check": (1, 2),
    "error": (1,),
    "Trouble": (1,),
    "Lie": (0,),
}  # function: which arguments are sentences
ROOMS = (
    "cli",
    "endpoints",
    "folder",
    "config",
    "checked",
    "source",
    "selftest",
)  # whose errors reach a person as they are


def sentences() -> Iterator[tuple[str, str]]:
    """Where it is said, and every line of it."""
    for name, module in modules().items():
        if name.split(".")[0] not in ROOMS:
            continue
        for node in ast.walk(module.tree):
            for text in said(node):
                for template in templates(text):
                    for line in template.split("\n"):
                        if line.strip().replace("{}", "").strip(" :;,."):
                            yield f"{name}:{node.lineno}", line.strip()


def said(node: ast.AST) -> Iterator[ast.expr]:
    """What a call says, or an error that is raised."""
    if isinstance(node, ast.Call):
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        places = SAYERS.get(name, (0,) if name.endswith("Error") and name != "SubmitError" else ())
        yield from (node.args[place] for place in places if place < len(node.args))


def templates(node: ast.expr) -> list[str]:
    """The texts that an expression can be, with {} for every value in them; none where only values are said."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr(values=values):
            texts = [""]
            for value in values:
                more = [value.value] if isinstance(value, ast.Constant) else templates(value) or ["{}"]
                texts = [text + str(one) for text in texts for one in more]
            return texts
        case ast.FormattedValue(value=value):
            return [text for text in templates(value)] if isinstance(value, ast.IfExp | ast.JoinedStr) else []
        case ast.IfExp(body=body, orelse=other):
            return (templates(body) or ["{}"]) + (templates(other) or ["{}"])
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return [one + two for one in templates(left) or ["{}"] for two in templates(right) or ["{}"]]
        case _:
            return []
