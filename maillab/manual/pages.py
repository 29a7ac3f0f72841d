"""Which pages there are, in which order a newcomer meets them, and what stands in them."""

import difflib
from importlib import resources
from typing import Literal

Language = Literal["en", "vi"]

TOPICS = {  # name of the file: heading in English, heading in Vietnamese
    "start": ("Start here", "Bắt đầu từ đây"),
    "lab": ("The default lab: ports, accounts, certificates", "Lab mặc định: cổng, tài khoản, chứng chỉ"),
    "window": ("The window: the first minute", "Cửa sổ: phút đầu tiên"),
    "keys": ("Keys: everything you can do in the window", "Phím: mọi việc làm được trong cửa sổ"),
    "stories": ("Stories: the journey of a message", "Câu chuyện: hành trình của một lá thư"),
    "commands": ("Commands: what each one does", "Lệnh: mỗi lệnh làm gì"),
    "exit-codes": ("Exit codes", "Mã thoát"),
    "configuration": ("Configuration: every key of the TOML file", "Cấu hình: mọi khoá của tệp TOML"),
    "rules": ("Rules: faults to inject, where, and how often", "Quy tắc: cố ý gây lỗi gì, ở đâu, bao nhiêu lần"),
    "testing": ("Testing: a lab inside your tests", "Kiểm thử: lab trong các bài test của bạn"),
    "http": ("HTTP: programs ask what has come", "HTTP: chương trình hỏi xem thư nào đã đến"),
    "ci": ("Continuous integration: the lab beside your program", "Tích hợp liên tục: lab bên cạnh chương trình"),
    "imap": ("IMAP: read messages on the server", "IMAP: đọc thư ngay trên máy chủ"),
    "sessions": ("Sessions: every line, kept in a file", "Phiên: mọi dòng, lưu vào một tệp"),
    "exports": ("Exports: a session in other formats", "Xuất: một phiên ở các định dạng khác"),
    "filters": ("Filters: choose the lines to see", "Bộ lọc: chọn những dòng nào"),
    "events": ("Events: what can happen", "Sự kiện: những gì có thể xảy ra"),
    "states": ("States: which command is allowed when", "Trạng thái: lúc nào dùng được lệnh nào"),
    "standards": ("Standards: the RFCs that the lab follows", "Tiêu chuẩn: các RFC mà lab tuân theo"),
    "glossary": ("Glossary: one meaning for each word", "Thuật ngữ: mỗi từ một nghĩa"),
    "platforms": ("Platforms: where maillab runs", "Nền tảng: maillab chạy ở đâu"),
}


def title(topic: str, language: Language) -> str:
    """The heading of a page. Raises `LookupError` for a topic that does not exist."""
    return TOPICS[topic][language == "vi"]


def read(topic: str, language: Language) -> str:
    """A page as Markdown, in English where it is not translated. Raises `LookupError` for an unknown topic."""
    if topic not in TOPICS:
        raise LookupError(topic)
    return _file(topic, language if is_translated(topic, language) else "en").read_text("utf-8")


def is_translated(topic: str, language: Language) -> bool:
    """Does the page exist in this language?"""
    return _file(topic, language).is_file()


def nearest(word: str) -> list[str]:
    """Topics that a mistyped word may have meant, the likeliest first.

    >>> nearest("confguration")
    ['configuration']
    >>> nearest("filter")[0]
    'filters'
    """
    asked = word.casefold()
    similar = difflib.get_close_matches(asked, TOPICS, 3, 0.6)
    mentioned = [topic for topic, titles in TOPICS.items() if len(asked) > 2 and asked in " ".join(titles).casefold()]
    return list(dict.fromkeys([*similar, *mentioned]))[:3]


def _file(topic: str, language: Language) -> "resources.abc.Traversable":
    return resources.files("maillab.manual").joinpath(language, f"{topic}.md")
