"""Configurations that are right or wrong in one thing."""

import pytest

from maillab.config import ConfigError
from maillab.config_file import read


def complaint(text: str) -> str:
    """What is said of a configuration that is wrong."""
    with pytest.raises(ConfigError) as caught:
        read(text.encode(), "lab.toml")
    return str(caught.value)


def site(more: str) -> str:
    """A site with these further lines."""
    return f"[[sites]]\ndomain = 'a.test'\npeople = [{{ name = 'a', password = 'a' }}]\n{more}"
