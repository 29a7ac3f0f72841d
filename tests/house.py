"""Reading the house: the modules of `maillab/`, what they lean on, and what they say of themselves. Each is parsed once."""

import ast
import functools
import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOUSE = ROOT / "maillab"


@dataclass(frozen=True)
class Module:
    """One file of the house. `name` is dotted and without the leading "maillab", "" for the house itself."""

    name: str
    path: Path
    text: str

    @functools.cached_property
    def tree(self) -> ast.Module:
        """What Python reads in it, once somebody asks."""
        return ast.parse(self.text)

    @property
    def is_door(self) -> bool:
        """The __init__ of the house or of a room."""
        return self.path.name == "__init__.py"

    @property
    def room(self) -> str:
        """The first part of the name: the room, or the module itself where it stands alone."""
        return self.name.partition(".")[0]


@functools.cache
def modules() -> dict[str, Module]:
    """Every module of the house by its name."""
    found = {}
    for path in sorted(HOUSE.rglob("*.py")):
        parts = path.relative_to(HOUSE).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        text = path.read_text(encoding="utf-8")
        found[name] = Module(name, path, text)
    return found


@functools.cache
def nodes(module: Module) -> tuple[ast.AST, ...]:
    """Every node of a module."""
    return tuple(ast.walk(module.tree))


@functools.cache
def imports(module: Module, *, for_types: bool = False) -> frozenset[str]:
    """Full names of the modules that a module imports, anywhere in it; those for type checking alone only on request."""
    left_out = (
        set() if for_types else {node for block in nodes(module) if _is_for_types(block) for node in ast.walk(block)}
    )
    return frozenset(name for node in nodes(module) if node not in left_out for name in _imported(node))


def waiting_imports(module: Module) -> Iterator[tuple[ast.FunctionDef | ast.AsyncFunctionDef, set[str]]]:
    """Each import inside a function, with that function: full names of what it loads."""
    for function in nodes(module):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                if names := _imported(node):
                    yield function, names


def _imported(node: ast.AST) -> set[str]:
    """Full names of the modules that a statement imports."""
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names}
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return {
            f"{node.module}.{alias.name}" if _is_module(node.module, alias.name) else node.module
            for alias in node.names
        }
    return set()


@functools.cache
def _is_module(package: str, name: str) -> bool:
    folder = ROOT.joinpath(*package.split("."))
    return folder.joinpath(f"{name}.py").exists() or folder.joinpath(name).is_dir()


def _is_for_types(node: ast.AST) -> bool:
    """Is it a block under `if TYPE_CHECKING`?"""
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


PLAIN = re.compile(r"_|action_|on_|watch_|compose\Z|render")  # need no docstring


def public(tree: ast.Module) -> Iterator[tuple[str, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Public functions, classes and methods by their dotted names; not what Textual asks for, whose name says it all."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            yield node.name, node
            if isinstance(node, ast.ClassDef):
                for inner in node.body:
                    if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef) and not PLAIN.match(inner.name):
                        yield f"{node.name}.{inner.name}", inner


def circles(graph: Mapping[str, Set[str]]) -> list[set[str]]:
    """The knots of a graph: nodes that reach each other, two or more (Tarjan's strongly connected components).

    >>> [sorted(circle) for circle in circles({"a": {"b"}, "b": {"a", "c"}, "c": {"d"}, "d": set()})]
    [['a', 'b']]
    """
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    path: list[str] = []
    knots: list[set[str]] = []

    def visit(node: str) -> None:
        order[node] = lowest[node] = len(order)
        path.append(node)
        for target in graph[node]:
            if target not in order:
                visit(target)
            if target in path:
                lowest[node] = min(lowest[node], lowest[target])
        if lowest[node] == order[node]:
            at = path.index(node)
            knots.append(set(path[at:]))
            del path[at:]

    for node in graph:
        if node not in order:
            visit(node)
    return [knot for knot in knots if len(knot) > 1]


def type_names(tree: ast.Module) -> set[str]:
    """The classes and type aliases that a module defines, but for private ones."""
    names = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Subscript | ast.BinOp):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return {name for name in names if name[0].isupper() and not name.isupper()}
