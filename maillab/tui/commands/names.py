"""The name server: its zones can be edited while it answers."""

from functools import partial

from maillab.mail.address import in_u_labels
from maillab.tui.commands.asking import choose
from maillab.tui.commands.editing import EditorError, edited
from maillab.tui.context import WindowContext
from maillab.tui.machines.machines_now import machines_now
from maillab.tui.questions import Choice, Pick
from maillab.tui.subjects import ZoneText


async def edit_one(at: WindowContext) -> None:
    """Edit the zone that somebody chooses: where no zone is under a cursor, none is meant before the others."""
    if not at.living():
        return
    choices = [Choice(zone.origin, in_u_labels(zone.origin.rstrip("."))) for zone in machines_now(at).zones]
    picked = await at.ui.ask(Pick(at.texts("names.which"), choices, enter="open"))
    if picked is not None:
        await edit(at, ZoneText(picked))


async def edit(at: WindowContext, zone: ZoneText) -> None:
    """Edit a zone in $EDITOR and serve it; where a line is wrong, the zone before is served on, and one edits again."""
    from maillab.nameserver.master import ZoneError
    from maillab.tui.machines import lab_actions

    lab = at.host.lab
    assert lab is not None
    before = text = next((known.text for known in lab.zones if known.origin == zone.origin), "")
    line, name = 0, zone.origin.rstrip(".")
    while True:
        try:
            text = await edited(at, text, f"{name}.zone", line, comment=";")
        except EditorError as error:
            at.ui.say(at.texts("say.no_editor", editor=error.editor, why=error.why), bad=True)
            return
        if text == before:
            at.ui.say(at.texts("names.same", zone=name))
            return
        try:
            await at.host.ask(partial(lab_actions.edit_zone, origin=zone.origin, text=text))
        except ZoneError as error:
            line = error.line
            where = at.texts("names.line", zone=name, line=line) if line else name
            question = at.texts("names.wrong", where=where, why=error.text)
            if await choose(at, "names.title", question, e="names.edit_again", d="names.discard") != "names.edit_again":
                return
        else:
            _tell(at, zone.origin)
            at.ui.refresh()
            return


def _tell(at: WindowContext, origin: str) -> None:
    """It is served; a host that receives its mail and has no address is a mistake that no line shows."""
    lab = at.host.lab
    assert lab is not None
    name = origin.rstrip(".")
    lost = next(known.lost for known in lab.zones if known.origin == origin)
    if lost:
        at.ui.say(at.texts("names.lost", zone=name, host=", ".join(lost)), bad=True)
    else:
        at.ui.say(at.texts("names.served", zone=name), good=True)
