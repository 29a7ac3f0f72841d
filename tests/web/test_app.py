"""All routes of the door."""

from maillab.web.mailpit.routes import ROWS
from maillab.web.ours.routes import ROWS as OURS
from tests.support import run
from tests.web.asking import asking


def test_every_route_answers(tmp_path):
    """With what there is, or with a sentence; never with a fault of ours."""

    async def play():
        async with asking(tmp_path) as ask:
            await ask.bring()
            for row in (*ROWS, *OURS):
                if row.method == "GET":
                    answer = await ask.get(row.path.format(id="latest", part="1", name="live"))
                    assert (answer.status in (200, 404), bool(answer.body)) == (True, True), row.path

    run(play())


def test_every_route_has_one_meaning():
    """No method and path stands twice in the tables."""
    asked = [(row.method, row.path) for row in (*ROWS, *OURS)]

    assert len(asked) == len({*asked})
