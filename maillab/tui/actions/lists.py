"""Moving about in lists, and along the message's way."""

from maillab.tui.actions.action import row

ROWS = (
    row(
        "rows.up",
        "up k",
        ("Up", "one line up"),
        ("Lên", "lên một dòng"),
        call="move(-1)",
    ),
    row(
        "rows.down",
        "down j",
        ("Down", "one line down"),
        ("Xuống", "xuống một dòng"),
        call="move(1)",
    ),
    row(
        "rows.page_up",
        "pageup ctrl+u",
        ("Page up", "one page up"),
        ("Trang trên", "lên một trang"),
        call="move_page(-1)",
    ),
    row(
        "rows.page_down",
        "pagedown ctrl+d",
        ("Page down", "one page down"),
        ("Trang dưới", "xuống một trang"),
        call="move_page(1)",
    ),
    row(
        "rows.first",
        "home g",
        ("First", "to the first line"),
        ("Đầu", "tới dòng đầu"),
    ),
    row(
        "rows.last",
        "end G",
        ("Last", "to the last line"),
        ("Cuối", "tới dòng cuối"),
    ),
    row(
        "rows.left",
        "left",
        ("Left", "scroll left"),
        ("Trái", "cuộn sang trái"),
        call="move_aside(-1)",
    ),
    row(
        "rows.right",
        "right",
        ("Right", "scroll right"),
        ("Phải", "cuộn sang phải"),
        call="move_aside(1)",
    ),
    row(
        "rows.open",
        "enter",
        ("Open", "open the selected item"),
        ("Mở", "mở mục đang chọn"),
    ),
    row(
        "hops.left",
        "left h",
        ("Previous hop", "show only the previous hop"),
        ("Chặng trước", "chỉ hiện chặng trước"),
        call="step(-1)",
    ),
    row(
        "hops.right",
        "right l",
        ("Next hop", "show only the next hop"),
        ("Chặng kế", "chỉ hiện chặng kế"),
        call="step(1)",
        bar=10,
    ),
    row(
        "hops.older",
        "up k",
        ("Older message", "show the route of the previous message"),
        ("Thư trước", "hiện đường đi của thư trước"),
        call="step_message(-1)",
        bar=11,
    ),
    row(
        "hops.newer",
        "down j",
        ("Newer message", "show the route of the next message"),
        ("Thư sau", "hiện đường đi của thư sau"),
        call="step_message(1)",
    ),
    row(
        "hops.all",
        "enter backspace",
        ("All hops", "show every hop again"),
        ("Mọi chặng", "hiện lại mọi chặng"),
        bar=12,
    ),
)
