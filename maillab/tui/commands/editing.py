"""A text in somebody's own editor, while the lab goes on."""

import asyncio
import os
import shlex
import tempfile
from pathlib import Path

from maillab.tui.complaints import complaint
from maillab.tui.context import WindowContext

VI = ("vi", "vim", "nvim", "view")
AT_LINE = (*VI, "nano", "emacs", "micro", "kak", "joe", "mg")  # take +N for a line


class EditorError(RuntimeError):
    """The editor could not be started, or failed: `editor` is its name, `why` a sentence."""

    def __init__(self, editor: str, why: str) -> None:
        super().__init__(why)
        self.editor, self.why = editor, why


async def edited(at: WindowContext, text: str, name: str, line: int = 0, *, comment: str = "") -> str:
    """What somebody makes of a text in $VISUAL or $EDITOR, in a file of this name, beginning at a line if one is given.

    How vi is left is nowhere to be seen in it: where a `comment` can begin in the text that is said in the first line,
    or below the line where it begins: the numbers of the lines up to there are then those of the complaint.
    Raises `EditorError`.
    """
    words = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    try:
        command = shlex.split(words) or ["vi"]
    except ValueError as error:
        raise EditorError(words, str(error)) from error
    hint = [f"{comment} {at.texts('names.vi')}"] if comment and Path(command[0]).name in VI else []
    lines = text.split("\n")
    place = min(line, len(lines) - 1)  # before what follows the last line end
    lines[place:place] = hint
    there = [f"+{line}"] if line and Path(command[0]).name in AT_LINE else []
    with tempfile.TemporaryDirectory(prefix="maillab-") as folder:
        file = Path(folder) / name
        await asyncio.to_thread(file.write_text, "\n".join(lines), "utf-8")
        trouble = ""
        with at.ui.suspended():
            try:  # within: Textual does not come back where an error leaves it
                process = await asyncio.create_subprocess_exec(*command, *there, str(file))
                if code := await process.wait():
                    trouble = at.texts("say.editor_failed", code=code)
            except OSError as error:
                trouble = complaint(error)
        if trouble:
            raise EditorError(command[0], trouble)
        lines = (await asyncio.to_thread(file.read_text, "utf-8", "replace")).split("\n")
        return "\n".join(one for one in lines if one not in hint)
