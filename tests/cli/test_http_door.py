"""The HTTP door of a lab that a command starts."""

import argparse

import pytest

from maillab.cli.http_door import http_door, http_port
from maillab.config import default
from maillab.config_file import read
from tests.lab.test_desk import desk
from tests.support import run

APP = read(b"profile = 'app'", "x")


@pytest.mark.parametrize(
    ("given", "config", "port"),
    [
        ({}, default(), -1),
        ({"http": None}, APP, 8025),
        ({"http": 9000}, APP, 9000),
        ({"http": -1}, APP, -1),
        ({"http": 0}, default(), 0),
    ],
)
def test_its_port(given, config, port):
    """The command line says it, else the configuration; where neither does, there is none."""
    assert http_port(argparse.Namespace(**given), config) == port


def test_open_or_not(tmp_path):
    """It is announced while it is open; where no port is named none is opened, free or not."""

    async def play():
        async with desk(tmp_path, APP) as lab:
            async with http_door(argparse.Namespace(), lab, True) as door:
                assert lab.endpoint("", "http") == door.endpoint
                assert door.endpoint.port not in (0, 8025)
            async with http_door(argparse.Namespace(http=-1), lab, True) as door:
                assert door is None

    run(play())
