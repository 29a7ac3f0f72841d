"""What the command line tells the window before it opens."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from maillab.views.gloss import Lang

if TYPE_CHECKING:
    from maillab.config_file import LoadedConfig
    from maillab.lab import Lab


@dataclass(frozen=True, slots=True)
class Settings:
    """`lab` is the lab's folder, `None` for a temporary one; `find_config` is called after the first paint.

    `replay` opens on a saved session, `story` on a story that is told; without both the living lab is shown.
    `open_http` opens the HTTP door of a lab, if it has one, at a free port if told so.
    """

    lab: Path | None
    find_config: "Callable[[], LoadedConfig]"
    lang: Lang = "en"
    theme: str = ""
    term: str = "xterm-256color"
    ascii: bool = False
    auto_ports: bool = False
    auto_http: bool = False  # its port is as free as all others, because nobody has named one
    open_http: "Callable[[Lab, bool], AbstractAsyncContextManager[object]]" = lambda _lab, _free: nullcontext()
    record: Path | None = None
    replace_record: bool = False  # the file of `record` may be there
    replay: Path | None = None
    story: str = ""
