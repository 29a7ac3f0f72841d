"""Modules are imported as they are written."""

import sys

from maillab.testing.plainly import plainly


class Rewriter:
    """What stands in for pytest's."""

    def find_spec(self, name, path=None, target=None):
        raise AssertionError(f"asked for {name}")


Rewriter.__module__ = "_pytest.assertion.rewrite"


def test_plainly(tmp_path, monkeypatch):
    """pytest's finder is not asked, and stands in its place afterwards, also when the import fails."""
    (tmp_path / "plain_module.py").write_text("import plain_other\n")
    (tmp_path / "plain_other.py").write_text("value = 1\n")
    monkeypatch.syspath_prepend(tmp_path)
    finders = [Rewriter(), *(finder for finder in sys.meta_path if type(finder).__module__ != Rewriter.__module__)]
    monkeypatch.setattr(sys, "meta_path", list(finders))

    assert plainly("plain_module").plain_other.value == 1
    assert sys.meta_path == finders
    try:
        plainly("plain_missing")
    except ModuleNotFoundError:
        pass
    assert sys.meta_path == finders
    for name in ("plain_module", "plain_other"):
        monkeypatch.delitem(sys.modules, name)
