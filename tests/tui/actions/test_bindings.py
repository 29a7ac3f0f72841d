"""Keys as Textual takes them."""

from maillab.tui.actions.bindings import bindings


def test_bindings():
    """Each action with keys has its own, by its name; nobody's keys come before those of a field."""
    found = {binding.id: binding for binding in bindings("machine")}
    assert found["machine.remove"].key == "delete,D"
    assert found["machine.remove"].action == "app.run('machine.remove')"
    assert not any(binding.priority or binding.show for binding in found.values())
    assert "app.clock" not in {binding.id for binding in bindings("app")}  # it has no key
