"""The description of the API says what is there."""

import re

from maillab.web.mailpit.openapi import description
from maillab.web.mailpit.routes import ROWS
from tests.support import run
from tests.web.asking import asking


def test_every_route_is_described_and_every_type_is_there():
    """Nothing is left out, and no reference leads nowhere."""
    whole = description()

    assert {(row.method.lower(), row.path) for row in ROWS} == {
        (method, path) for path, methods in whole["paths"].items() for method in methods
    }
    names = set(re.findall(r"#/components/schemas/(\w+)", str(whole)))
    assert names == whole["components"]["schemas"].keys() - {"Fault"} | (names & {"Fault"})
    operations = [each["operationId"] for methods in whole["paths"].values() for each in methods.values()]
    assert len(operations) == len(set(operations))


def test_it_is_served(tmp_path):
    """At the place where it belongs."""

    async def play():
        async with asking(tmp_path) as ask:
            assert (await ask.get("/api/v1/openapi.json")).json["openapi"] == "3.1.0"

    run(play())
