"""The keys of panes in their borders."""

from textual import events

from maillab.events import Delivered
from maillab.tui.actions.spelled import shown
from maillab.tui.actions.table import of
from maillab.tui.screens.wire import WireScreen
from tests.tui.openings import with_port

BORDER = "╭╰┏┗"


def border_with(seat, text):
    """The lower border in which this stands."""
    return next((line for line in seat.lines if text in line and any(sign in line for sign in BORDER)), "")


def lit_keys(seat):
    """The keys that hold now and are said in a border, by the pane."""
    written = seat.app.ui.screen._borders._keys.items()
    return {pane.id: " · ".join(f"{key} {does}" for key, does, _ in keys) for pane, (lit, keys) in written if lit}


def untrue(seat):
    """Hints that are drawn, but for which the key that stands there, pressed now, does something else, or nothing; in
    the borders of panes that are not lit, something else.
    """
    screen, does = seat.app.ui.screen, {}
    lines = seat.app.context.model.entries
    for key, active in screen.active_bindings.items():
        if active.enabled and not _is_typed(screen.focused, key):
            does.setdefault(shown(key), set()).add(active.binding.id)
    drawn = [(press, name) for lit, keys in screen._borders._keys.values() if lit for press, _, name in keys]
    bar = screen.query_one("KeyBar")
    drawn += [(part.text.split()[0], part.says) for part in bar._line() if part.style in ("key", "badge-press")]
    nothing = {action.name for action in (*of("transcript"), *of("reading"))} if not lines else ()
    elsewhere = [(press, name) for lit, keys in screen._borders._keys.values() if not lit for press, _, name in keys]
    own = {press: names - {None} for press, names in does.items()}  # Enter in a field is none of the table
    return {
        *((press, name) for press, name in drawn if name not in does.get(press, ()) or name in nothing),
        *((press, name) for press, name in elsewhere if name not in (own.get(press) or {name})),
    }


def _is_typed(field, key):
    sign = shown(key)
    is_sign = len(sign) == 1 and (sign.isascii() or sign == key)
    return field is not None and is_sign and field.check_consume_key(key, sign)


def places(seat):
    """Every place of a mode where the focus can be."""
    return [widget for widget in seat.app.ui.screen.focus_chain if widget.region.area]


def test_every_hint_is_true(lab_window):
    """Wherever the focus is, before the first message and after it, in every mode: a key stands only where it holds."""

    async def story(seat):
        await seat.pilot.resize_terminal(120, 40)
        seen = 0
        for before in ((), ("escape", "ctrl+s"), ("escape", "f4"), ("escape", "3"), ("2",), ("4",), ("1",)):
            await seat.press(*before)
            if "ctrl+s" in before:
                await seat.heard(Delivered)
            for widget in places(seat):
                await seat.focus(widget)
                await seat.until(lambda: not untrue(seat), f"the hints of {seat.app.focused}")
                seen += 1
            await seat.press("escape", "escape")
        assert seen > 30

    lab_window(story)


def test_each_pane_says_its_keys(lab_window):
    """In the border of the lit pane stand its keys, in the others what can be clicked; below what stands in no border."""

    async def story(seat):
        await seat.pilot.resize_terminal(120, 40)
        await seat.focus(seat.app.ui.screen.transcript)
        await seat.press("ctrl+s")  # with nothing said there is nothing to find
        await seat.until(lambda: border_with(seat, "/ Find · f Filter · F Following · w Wrap · x Hex · Enter Explain"))
        await seat.until(lambda: border_with(seat, "o Stop · b Rules · p Hold").count("o Stop · b Rules · p Hold") == 2)
        assert "Find" not in seat.lines[-1]
        assert "F1 Help" in seat.lines[-1]
        await seat.focus(seat.app.ui.screen.pane("sender"))
        await seat.until(lambda: lit_keys(seat) == {"sender": "o Stop · b Rules · p Hold"})
        await seat.until(lambda: "^S Send" in seat.lines[-1] and "F6 Next pane" in seat.lines[-1])
        assert "Find" not in seat.lines[-1]  # the wire is not lit
        await seat.focus(seat.app.ui.screen.pane("names"))
        await seat.until(lambda: lit_keys(seat) == {"names": "e Edit zone"})
        await seat.focus(seat.app.ui.screen.transcript)
        await seat.until(lambda: border_with(seat, "e Export"))
        assert not border_with(seat, "Edit zone")  # the key of which now means another thing

    lab_window(story)


def test_a_click_on_a_key(lab_window):
    """It is pressed in the pane in whose border it stands; a machine that is stopped is started by the same key."""

    async def story(seat):
        await seat.pilot.resize_terminal(120, 40)
        await seat.focus(seat.app.ui.screen.transcript)
        await seat.until(lambda: border_with(seat, "o Stop · b Rules"))
        await seat.click("o Stop · b Rules")
        await seat.until(lambda: seat.app.focused is seat.app.ui.screen.pane("sender"))
        await seat.see("sender.test ○ stopped", "o Start")
        await seat.click("o Start")
        await seat.see("sender.test ● running", "o Stop")

    lab_window(story)


def test_a_click_beside_the_keys(lab_window):
    """It lights the pane, and does nothing else: no key that is only drawn there by the time the button is up again."""

    async def story(seat):
        await seat.pilot.resize_terminal(120, 40)
        await seat.press("ctrl+s")
        await seat.done("errands")
        await seat.press("3")
        await seat.until(lambda: isinstance(seat.app.ui.screen, WireScreen))
        await seat.focus(seat.app.ui.screen.transcript)
        explain = seat.app.ui.screen.pane("explain")
        copied = seat.app.clipboard
        await seat.focus(explain)
        await seat.until(lambda: border_with(seat, "Copy line"))
        place = border_with(seat, "Copy line").index("Copy line")
        await seat.focus(seat.app.ui.screen.transcript)
        await seat.until(lambda: "Copy line" not in seat.lines[explain.region.bottom - 1])
        where = {"offset": (place, explain.region.bottom - 1), "button": 1}
        await seat.pilot._post_mouse_events([events.MouseDown], **where)
        await seat.until(lambda: "Copy line" in seat.lines[explain.region.bottom - 1])
        await seat.pilot._post_mouse_events([events.MouseUp, events.Click], **where)
        await seat.pilot.pause()
        assert seat.app.clipboard == copied

    lab_window(story)


def test_the_message_s_way_has_the_focus(lab_window):
    """Its own keys stand below, with those that hold everywhere; no key of a pane that is not lit."""

    async def story(seat):
        await seat.pilot.resize_terminal(120, 40)
        await seat.press("ctrl+s")
        await seat.done("errands")  # which lead to the wire in the end
        await seat.focus(seat.app.ui.screen.query_one("HopStrip"))
        await seat.until(lambda: seat.lines[-1].startswith(" ^S Send  → Next hop"))
        assert "Find" not in seat.lines[-1]
        assert "   F1 Help  ^Q Quit  ^P Commands" in seat.lines[-1]

    lab_window(story)


def test_where_there_is_no_border(lab_window):
    """In a low window the last line says all of them."""

    async def story(seat):
        await seat.pilot.resize_terminal(80, 24)
        seat.app.ui.screen.front("wire")
        await seat.press("ctrl+s")
        await seat.until(
            lambda: all(text in seat.lines[-1] for text in ("/ Find", "f Filter", "F Following", "w Wrap"))
        )

    lab_window(story)


def test_a_pane_that_is_not_lit_says_what_a_click_does_now(lab_window):
    """The label of a machine that was stopped is Start, of one that runs Stop, wherever the focus is."""

    async def story(seat):
        await seat.pilot.resize_terminal(120, 40)
        await seat.focus(seat.app.ui.screen.transcript)
        await seat.until(lambda: border_with(seat, "o Stop · b Rules").count("o Stop") == 2)
        await seat.focus(seat.app.ui.screen.pane("recipient"))
        await seat.press("o")
        await seat.see("recipient.test ○ stopped")
        await seat.focus(seat.app.ui.screen.transcript)
        await seat.until(lambda: "o Start · b Rules" in border_with(seat, "o Stop · b Rules"))
        assert border_with(seat, "o Start").count("o Start") == 1
        await seat.click("o Start")
        await seat.see("recipient.test ● running")

    lab_window(story)


def test_a_lab_that_does_not_run(stage, taken):
    """Each key that its card names does what stands beside it, wherever the focus is; no other pane has one for it."""

    async def story(seat):
        await seat.pilot.resize_terminal(120, 40)
        await seat.see("Use free ports")
        await seat.press("n")
        await seat.see("No lab is running.", "F7  Use free ports")
        for widget in places(seat):
            await seat.focus(widget)
            await seat.until(lambda: not untrue(seat), f"the hints of {seat.app.focused}")
            does = {key: active.binding.id for key, active in seat.app.screen.active_bindings.items() if active.enabled}
            assert (does["f7"], does["ctrl+l"]) == ("app.free_ports", "app.start_lab")
            assert "^S" not in seat.text
            assert "^R" not in seat.text
            await seat.press("escape")
        await seat.press("2")
        await seat.until(lambda: seat.app.current_mode == "mail")
        await seat.see("Mailboxes", "No lab is running.", "F7  Use free ports")
        await seat.until(lambda: "Search" not in seat.text and "Next tab" not in seat.text)
        await seat.press("f7", "1")
        await seat.see("● running")
        assert "F7" not in seat.text

    stage(story, find_config=lambda: with_port(taken), auto_ports=False)


def test_only_one_pane_says_the_keys_of_mail(lab_window):
    """The message that is read says them; then not the list above it, too. Where the list is lit it says them."""

    async def story(seat):
        await seat.pilot.resize_terminal(120, 40)
        await seat.press("2")
        await seat.see("Mailboxes")
        await seat.until(lambda: border_with(seat, "f Fetch"))
        mail = seat.app.ui.screen
        await seat.focus(mail.query_one("#messagetext"))
        await seat.until(lambda: seat.text.count("f Fetch") == 1 and "message" in lit_keys(seat))
        await seat.focus(mail.pane("messages"))
        await seat.until(lambda: seat.text.count("f Fetch") == 1 and "messages" in lit_keys(seat))
        await seat.press("1")
        await seat.until(lambda: seat.app.current_mode == "lab")

    lab_window(story)
