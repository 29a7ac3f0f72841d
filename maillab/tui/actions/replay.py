"""What can be done while a session plays."""

from functools import partial

from maillab.tui.actions.action import row
from maillab.tui.commands import replay

ROWS = (
    row(
        "replay.play",
        "space",
        ("Play", "play it from here"),
        ("Phát", "phát từ đây"),
        does=replay.play,
        bar=10,
    ),
    row(
        "replay.leave",
        "Q",
        ("Leave", "back to live"),
        ("Rời", "trở về lab đang chạy"),
        does=replay.leave,
        bar=11,
    ),
    row(
        "replay.line_back",
        "comma",
        ("Back", "previous line"),
        ("Lùi", "dòng trước"),
        does=partial(replay.move, by=-1),
        bar=14,
    ),
    row(
        "replay.line_on",
        "full_stop",
        ("Forward", "next line"),
        ("Tiến", "dòng kế"),
        does=partial(replay.move, by=1),
        bar=12,
    ),
    row(
        "replay.pair_back",
        "left_square_bracket",
        ("Previous reply", "back to the end of the previous reply"),
        ("Trả lời trước", "lùi về cuối câu trả lời trước"),
        does=partial(replay.pair, step=-1),
    ),
    row(
        "replay.pair_on",
        "right_square_bracket",
        ("Next reply", "forward to the end of the next reply"),
        ("Trả lời kế", "tới cuối câu trả lời kế tiếp"),
        does=partial(replay.pair, step=1),
        bar=15,
    ),
    row(
        "replay.slower",
        "less_than_sign",
        ("Slower", "halve the speed"),
        ("Chậm hơn", "chậm một nửa"),
        does=partial(replay.faster, step=-1),
    ),
    row(
        "replay.faster",
        "greater_than_sign",
        ("Faster", "double the speed"),
        ("Nhanh hơn", "nhanh gấp đôi"),
        does=partial(replay.faster, step=1),
        bar=16,
    ),
    row(
        "replay.begin",
        "ctrl+home",
        ("Start", "to the start"),
        ("Đầu", "về đầu"),
        does=replay.begin,
    ),
    row(
        "replay.end",
        "ctrl+end",
        ("End", "to the end"),
        ("Cuối", "tới cuối"),
        does=replay.end,
    ),
    row(
        "replay.seek",
        "s",
        ("Go to", "go to a line, a time, a step or a mark"),
        ("Đi tới", "đi tới một dòng, thời điểm, bước hay dấu"),
        does=replay.seek,
        asks=True,
        bar=17,
    ),
    row(
        "replay.mark_on",
        "apostrophe",
        ("Next step", "forward to the next step of the story, or the next mark"),
        ("Mốc kế", "tới bước kế tiếp của câu chuyện, hay dấu kế tiếp"),
        does=partial(replay.step, by=1),
        bar=13,
        aka="mark skip",
    ),
    row(
        "replay.mark_back",
        "quotation_mark",
        ("Previous step", "back to the previous step of the story, or the previous mark"),
        ("Mốc trước", "lùi về bước trước của câu chuyện, hay dấu trước"),
        does=partial(replay.step, by=-1),
        aka="mark",
    ),
)
# What the space bar is called while something plays, and where everything has happened.
PLAYS = {
    "playing": (("Pause", "stop here"), ("Tạm dừng", "dừng ở đây")),
    "end": (("Play again", "play it again from its start"), ("Phát lại", "phát lại từ đầu")),
}
