"""What all commands lean on."""

from maillab.tui.complaints import complaint


def test_an_errand_that_fails(stage):
    """Whatever goes wrong in an errand is said, and nothing ends by it (T266 in a toast)."""

    async def story(seat):
        await seat.ready()

        async def fail():
            raise LookupError("[/nope] [@click=app.quit]x[/] \x1b]0;PWN\x07 happened")

        seat.app.ui.attempt(fail())
        await seat.see("[/nope] [@click=app.quit]x[/] ␛]0;PWN␇ happened")
        assert seat.app.is_running
        assert seat.app.context.host.alive

    stage(story)


def test_saying(stage):
    """A word stands in the status line; what is bad stands before everything."""

    async def story(seat):
        await seat.ready()
        seat.app.ui.say("a quiet word")
        await seat.see(" a quiet word")
        assert not seat.app._notifications
        seat.app.ui.say("line\n" * 50, bad=True)
        await seat.until(lambda: seat.app._notifications)

    stage(story)


def test_news_while_it_closes(stage):
    """The widgets of a mode go before the mode does; a second that passes meanwhile is shown to nobody."""
    modes = []

    async def story(seat):
        await seat.ready()
        prune = seat.app._prune

        async def pruned(*nodes, **options):
            await prune(*nodes, **options)
            modes.append(seat.app.ui.screen)
            seat.app.ui.news()

        seat.app._prune = pruned

    stage(story)
    assert None not in modes
    assert modes


def test_no_lab(stage):
    """Without a lab an errand says so instead of failing."""

    async def story(seat):
        await seat.until(lambda: seat.app.ui.screen is not None)
        seat.app.context.host.stop_now()
        assert not seat.app.context.living()
        await seat.told("The lab is not running")

    def late():
        raise ValueError("lab.toml: no such key")

    stage(story, find_config=late)


def test_complaint():
    """An error in a sentence: what a person may read of it."""
    assert complaint(None) == ""
    assert complaint(ValueError("no such key")) == "no such key"
    assert complaint(ValueError()) == "ValueError"
    assert complaint(KeyError("x")) == "'x'"
    assert complaint(ZeroDivisionError("by zero")) == "ZeroDivisionError: by zero"


def test_the_clipboard_is_guarded(stage):
    """The kind: octets of a stranger that reach a terminal by another way. What is copied is as harmless as what is shown."""

    async def story(seat):
        await seat.ready()
        for text, copied in (
            ("S: 220 \x1b]52;c;cHduZWQ=\x07\x9b31m\u202egpj\n", "S: 220 ␛]52;c;cHduZWQ=␇⟨9B⟩31m⟨202E⟩gpj\n"),
            ("A: b\r\n\tc \ud800\r\rd\r\n", "A: b\r\n c ⟨D800⟩␍␍d\r\n"),
        ):
            seat.app.copy_to_clipboard(text)
            assert seat.app.clipboard == copied

    stage(story)
