"""What the window is told before it opens."""

from maillab.tui.settings import Settings


def test_a_value():
    """It cannot be changed behind the window's back, and means the living lab where nothing else is said."""
    settings = Settings(None, lambda: None)
    assert (settings.replay, settings.story, settings.lang, settings.auto_ports) == (None, "", "en", False)
    assert settings == Settings(None, settings.find_config)
