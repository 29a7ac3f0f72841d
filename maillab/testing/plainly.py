"""Importing modules as they are written, though pytest has a plugin of this package.

Rules for this file: it imports nothing of the house, and not pytest.
"""

import sys
from importlib import import_module
from types import ModuleType

_REWRITER = "_pytest.assertion.rewrite"


def plainly(name: str) -> ModuleType:
    """Import a module, and what it imports, without pytest's rewriting of `assert`.

    pytest rewrites every module of a distribution that has a plugin: 140 modules of the lab, a second of the first run
    on a computer (and so of every run of a CI), for asserts that are none of a test.
    """
    rewriters = [finder for finder in sys.meta_path if type(finder).__module__ == _REWRITER]
    for finder in rewriters:
        sys.meta_path.remove(finder)
    try:
        return import_module(name)
    finally:
        sys.meta_path[:0] = rewriters
