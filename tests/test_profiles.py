"""The table of profiles."""

import pytest

from maillab.config import default
from maillab.config_file import from_table
from maillab.profiles import PROFILES


@pytest.mark.parametrize("name", PROFILES)
def test_every_profile_is_a_lab(name):
    """Each row is a configuration that can be used, and what it says holds."""
    config = from_table({"profile": name}, name)

    assert {key: getattr(config, key) for key in PROFILES[name] if key != "sites"} == {
        key: value for key, value in PROFILES[name].items() if key != "sites"
    }
    assert config.sites
    assert default().profile == ""
