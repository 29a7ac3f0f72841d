"""The arithmetic of the measurements."""

from tests.bench.measure import alternate, ratios, summary, table


def test_sides_take_turns():
    """The side that begins changes from round to round."""
    asked = []
    sides = {name: lambda name=name: float(asked.append(name) or len(asked)) for name in ("a", "b")}

    numbers = alternate(sides, rounds=3)

    assert asked == ["a", "b", "b", "a", "a", "b"]
    assert numbers == {"a": [1.0, 4.0, 5.0], "b": [2.0, 3.0, 6.0]}


def test_one_round():
    """One round has a median and no spread."""
    assert summary("serve", [0.5], 2) == "serve       median    0.50   0.50 to 0.50   spread 0 %"


def test_table():
    """A table shows each side, then the ratio of the first to every other, round by round."""
    assert ratios([200.0, 300.0], [100.0, 100.0]) == [2.0, 3.0]
    assert table("accept", {"maillab": [200.0, 300.0], "postfix": [100.0, 100.0]}).splitlines() == [
        "accept",
        "  maillab     median     250   200 to 300   spread 28 %",
        "  postfix     median     100   100 to 100   spread 0 %",
        "  ratio to postfix  median    2.50   2.00 to 3.00   spread 28 %",
    ]


def test_alone():
    """Without the yardstick only one side is shown."""
    assert table("journey", {"maillab": [10.0]}).splitlines()[1:] == [
        "  maillab     median      10   10 to 10   spread 0 %"
    ]
