"""The life of the lab."""

from maillab.config import default
from maillab.tui.state.life import DownBy, LabDown, Off, On, Starting, config_of, why_down


def test_each_state_says_what_is_known_in_it():
    """The configuration, as soon as it is read; why there is no lab, where there is none."""
    config = default()
    assert config_of(Off()) is None
    assert [config_of(life) for life in (Starting(config), On(config), LabDown("x", config=config))] == [config] * 3
    assert why_down(LabDown("no port", DownBy.PORTS)) == "no port"
    assert [why_down(life) for life in (Off(), Starting(), On(config))] == [""] * 3
