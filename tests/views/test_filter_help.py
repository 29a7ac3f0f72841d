"""The help of the filter language."""

from maillab.views.filter_help import HELP, table


def test_the_table_has_a_line_for_each_term():
    """Examples stand in one column, their meaning in the next, in either language."""
    for lang in ("en", "vi"):
        lines = table(lang).splitlines()
        assert len(lines) == len(HELP[lang])
        assert all(line.endswith(text) for line, (_, text) in zip(lines, HELP[lang], strict=True))
        assert len({len(line) - len(text) for line, (_, text) in zip(lines, HELP[lang], strict=True)}) == 1
