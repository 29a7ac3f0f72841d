"""What the command line tells the window before it opens."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from maillab.views.gloss import Lang

if TYPE_CHECKING:
    from maillab.config_file import LoadedConfig


@dataclass(frozen=True, slots=True)
class Settings:
    """`lab` is the lab's folder, `None` for a temporary one; `find_config` is called after the first paint.

    `replay` opens on a saved session, `story` on a story that is told; without both the living lab is shown.
    """

    lab: Path | None
    find_config: "Callable[[], LoadedConfig]"
    lang: Lang = "en"
    theme: str = ""
    term: str = "xterm-256color"
    ascii: bool = False
    auto_ports: bool = False
    record: Path | None = None
    replace_record: bool = False  # the file of `record` may be there
    replay: Path | None = None
    story: str = ""
