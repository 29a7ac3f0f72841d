"""The name server."""

from maillab.tui.actions.action import row
from maillab.tui.commands import names
from maillab.tui.subjects import ZoneText

ROWS = (
    row(
        "names.edit",
        "e",
        ("Edit zone", "edit the selected zone in $EDITOR and reload it"),
        ("Sửa vùng", "sửa vùng đang chọn bằng $EDITOR rồi nạp lại"),
        does=names.edit,
        needs=ZoneText,
        live=True,
        bar=10,
        aka="dns zone mx record nameserver name server edit",
    ),
)
