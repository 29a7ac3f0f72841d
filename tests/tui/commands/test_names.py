"""The zones of the name server."""

import stat

import pytest

from maillab.events import Adjusted, Routed
from maillab.tui.commands import palette
from maillab.tui.commands.names import edit
from maillab.tui.commands.send import send
from maillab.tui.subjects import ZoneText
from tests.tui.fake_ui import context, happened, living, ui_of

ZONE = ZoneText("recipient.test.")


@pytest.fixture
def editor(tmp_path, monkeypatch):
    """An editor that runs lines of a shell script on the file, the next one each time it is opened."""

    def install(*scripts):
        program = tmp_path / "vi"
        cases = "\n".join(f"{number}) {script} ;;" for number, script in enumerate(scripts, 1))
        program.write_text(
            f'#!/bin/sh\necho "$@" >> {tmp_path}/asked\nfor file; do :; done\n'
            f"case $(wc -l < {tmp_path}/asked | tr -d ' ') in\n{cases}\nesac\n"
        )
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("VISUAL", str(program))

    return install


def mx(at):
    return next(zone.mx for zone in at.host.lab.zones if zone.origin == ZONE.origin)


def test_another_mx(tmp_path, editor):
    """It is served and followed at once, and the transcript says which zone was edited."""
    editor("sed -i.bak 's/MX.*10 mx/MX 10 mx.sender.test./' \"$file\"")

    async def story(at):
        await edit(at, ZONE)
        assert mx(at) == ("10 mx.sender.test.",)
        assert ui_of(at).said[-1] == at.texts("names.served", zone="recipient.test")
        await happened(at, Adjusted, what="zone", value="recipient.test")
        await send(at)
        assert (await happened(at, Routed)).hosts == ("mx.sender.test",)

    living(context(tmp_path), story)


def test_an_mx_without_address(tmp_path, editor):
    """It is served, as it would be anywhere, and it is said that no mail can reach it."""
    editor("sed -i.bak 's/MX.*10 mx/MX 10 nowhere/' \"$file\"")

    async def story(at):
        await edit(at, ZONE)
        assert mx(at) == ("10 nowhere.recipient.test.",)
        assert "nowhere.recipient.test (MX) has no address" in ui_of(at).complained[-1]
        assert [zone.lost for zone in at.host.lab.zones if zone.origin == ZONE.origin] == [("nowhere.recipient.test",)]

    living(context(tmp_path), story)


def test_one_of_several(tmp_path, editor):
    """From elsewhere it is asked which zone is meant; in the pane of the name server it is the one under the cursor."""
    editor("true")

    async def story(at):
        for place in (("lab", "wire"), ("lab", "names")):
            ui_of(at).place = place
            await palette.run(at, "do names.edit")
        [question] = ui_of(at).asked
        assert [choice.label for choice in question.choices][:2] == ["sender.test", "recipient.test"]
        assert ui_of(at).said == [at.texts("names.same", zone="recipient.test")]
        assert ui_of(at).done == ["names.edit"]

    living(context(tmp_path, ZONE.origin), story)


def test_a_mistake(tmp_path, editor):
    """The line and what is wrong there are said, the zone before is served; the editor opens at that line."""
    editor(
        "printf '\\n@ MX ten mx\\n' >> \"$file\"", "sed -i.bak '/MX ten/d' \"$file\"; echo '@ MX 20 mx' >> \"$file\""
    )

    async def story(at):
        await edit(at, ZONE)
        question = ui_of(at).asked[-1].text
        assert question.startswith("Zone recipient.test, line ")
        assert "MX: a number is expected here" in question
        assert mx(at) == ("10 mx.recipient.test.", "20 mx.recipient.test.")
        first, second = (tmp_path / "asked").read_text("utf-8").splitlines()
        assert not first.startswith("+")
        assert second.startswith(f"+{question.split('line ')[1].split(':')[0]} ")

    living(context(tmp_path, "names.edit_again"), story)


def test_a_change_that_is_discarded(tmp_path, editor):
    """Who does not edit again has changed nothing; nor has who leaves the text as it is."""
    editor('echo nonsense >> "$file"', "true")

    async def story(at):
        await edit(at, ZONE)
        assert mx(at) == ("10 mx.recipient.test.",)
        await edit(at, ZONE)
        assert ui_of(at).said[-1] == at.texts("names.same", zone="recipient.test")

    living(context(tmp_path, "names.discard"), story)


def test_an_editor_that_is_not_there(tmp_path, monkeypatch):
    """It is said which one, and why."""
    monkeypatch.setenv("VISUAL", str(tmp_path / "none"))

    async def story(at):
        await edit(at, ZONE)
        assert str(tmp_path / "none") in ui_of(at).complained[-1]

    living(context(tmp_path), story)
