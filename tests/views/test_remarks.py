"""What the machines remark upon can be read in Vietnamese."""

import ast

from maillab.views.remarks import VIETNAMESE, remark
from maillab.wire.tolerated import TOLERATED
from tests.house import modules


def said() -> set[str]:
    """Every sentence that is tolerated in the source of the machines, and every warning that is a whole sentence."""
    sentences = {why for _, why in TOLERATED.values()}
    for module in modules().values():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Tolerated", "Warned"):
                sentences |= {
                    part.value
                    for part in node.args[1:]
                    if isinstance(part, ast.Constant) and isinstance(part.value, str) and part.value[:3] != "RFC"
                }
                choice = node.args[-1]
                if isinstance(choice, ast.IfExp):
                    sentences |= {one.value for one in (choice.body, choice.orelse) if isinstance(one, ast.Constant)}
    return sentences


def test_every_remark_is_translated() -> None:
    """A remark without Vietnamese is named here; its row goes into maillab/views/remarks.py, and none is left over."""
    assert said() - VIETNAMESE.keys() == set()
    assert VIETNAMESE.keys() - said() == set()


def test_english_and_unknown_remarks_stay() -> None:
    """In English, and of another version, a remark is what the event says."""
    for text in (*VIETNAMESE, "unheard of"):
        assert remark(text, "en") == text
    assert remark("unheard of", "vi") == "unheard of"
