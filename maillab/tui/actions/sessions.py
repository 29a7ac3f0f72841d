"""Saved sessions."""

from maillab.tui.actions.action import row
from maillab.tui.commands import sessions
from maillab.tui.subjects import SavedRun

ROWS = (
    row(
        "sessions.open",
        "enter",
        ("Open", "open it in the same panes, to be played"),
        ("Mở", "mở nó trong chính các khung này, để phát"),
        does=sessions.open_saved,
        needs=SavedRun,
        bar=19,
        aka="play replay",
    ),
    row(
        "sessions.rename",
        "n",
        ("Rename", "rename the file"),
        ("Đổi tên", "đổi tên tệp"),
        does=sessions.rename,
        needs=SavedRun,
        asks=True,
        bar=20,
    ),
    row(
        "sessions.delete",
        "d delete",
        ("Delete", "move it to the trash folder"),
        ("Xoá", "chuyển vào thùng rác"),
        does=sessions.delete,
        needs=SavedRun,
        asks=True,
        bar=21,
    ),
    row(
        "sessions.compare",
        "c",
        ("Compare", "show what differs between two sessions"),
        ("So sánh", "xem khác biệt giữa hai phiên"),
        does=sessions.compare,
        needs=SavedRun,
        asks=True,
        bar=22,
        aka="diff",
    ),
    row(
        "sessions.export",
        "e",
        ("Export", "save it in another format"),
        ("Xuất", "sang định dạng khác"),
        does=sessions.export,
        needs=SavedRun,
        asks=True,
        bar=23,
    ),
    row(
        "sessions.reenact",
        "a",
        ("Re-run", "replay against the live lab and compare"),
        ("Chạy lại", "chạy lại với lab đang chạy và so sánh"),
        does=sessions.reenact,
        needs=SavedRun,
        live=True,
        asks=True,
        bar=24,
        aka="replay again rerun",
    ),
    row(
        "sessions.refresh_list",
        "f",
        ("Refresh", "read the folder again"),
        ("Làm mới", "đọc lại thư mục"),
        does=sessions.refresh_list,
    ),
)
