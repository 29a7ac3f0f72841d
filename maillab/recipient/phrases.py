"""What the POP3 server says to people, in the languages that LANG offers (RFC 6856 §3).

The English text is the key; braces are filled in by whoever says it. A test keeps the translations complete.
"""

from maillab.protocols.pop3 import Status

LANGUAGES = {"en": "English", "vi": "Tiếng Việt"}  # the first is the default

VIETNAMESE = {
    "a command begins with a word of three or four characters": "lệnh bắt đầu bằng một từ ba hoặc bốn ký tự",
    "a command line has no control characters": "dòng lệnh không có ký tự điều khiển",
    "and your password?": "còn mật khẩu?",
    "begin TLS": "bắt đầu TLS",
    "capabilities follow": "danh sách khả năng",
    "encrypt first: STLS": "hãy mã hoá trước: STLS",
    "goodbye": "tạm biệt",
    "goodbye, {} deleted": "tạm biệt, đã xoá {}",
    "language changed": "đã đổi ngôn ngữ",
    "languages follow": "danh sách ngôn ngữ",
    "line too long": "dòng quá dài",
    "log in first": "hãy đăng nhập trước",
    "login given up": "đã bỏ đăng nhập",
    "maildrop has {} message ({} octets)": "hộp thư có {} thư ({} octet)",
    "maildrop has {} messages ({} octets)": "hộp thư có {} thư ({} octet)",
    "mechanisms: {}": "các cơ chế: {}",
    "message {} deleted": "đã đánh dấu xoá thư {}",
    "message {} is deleted": "thư {} đã bị xoá",
    "message {} is no longer there": "thư {} không còn nữa",
    "no such language": "không có ngôn ngữ này",
    "no such message": "không có thư này",
    "nothing may be sent behind STLS before its answer": "không được gửi gì sau STLS trước khi có câu trả lời",
    "not a number": "không phải là số",
    "not base64": "không phải base64",
    "so many commands and no message": "quá nhiều lệnh mà không lấy thư nào",
    "something failed here, not with you; reference {}": "lỗi ở phía máy chủ, không phải ở bạn; mã {}",
    "still here": "vẫn ở đây",
    "tell your name first: USER": "hãy cho biết tên trước: USER",
    "the mailbox is in use": "hộp thư đang được dùng",
    "this is POP3, not HTTP": "đây là POP3, không phải HTTP",
    "TLS is not possible here": "ở đây không dùng được TLS",
    "TLS is on already": "TLS đã bật rồi",
    "too late, you are logged in": "quá muộn, bạn đã đăng nhập rồi",
    "too many connections, come back later": "quá nhiều kết nối, hãy quay lại sau",
    "too many errors": "quá nhiều lỗi",
    "too many wrong passwords": "sai mật khẩu quá nhiều lần",
    "top of message {} follows": "phần đầu của thư {}",
    "unknown command": "không có lệnh này",
    "UTF-8 is understood": "hiểu UTF-8",
    "wrong name or password": "sai tên hoặc mật khẩu",
    "wrong number of arguments": "sai số lượng tham số",
    "{} of {} deleted messages were removed; reference {}": "đã xoá {} trong số {} thư được đánh dấu xoá; mã {}",
    "{} message ({} octets)": "{} thư ({} octet)",
    "{} messages ({} octets)": "{} thư ({} octet)",
    "{} octets": "{} octet",
}


def phrase(language: str, text: str, *values: object) -> str:
    """The text in this language, with its braces filled in.

    >>> phrase("vi", "goodbye, {} deleted", 2), phrase("en", "goodbye")
    ('tạm biệt, đã xoá 2', 'goodbye')
    """
    words = VIETNAMESE[text] if language == "vi" else text
    return words.format(*values) if values else words


def ok(language: str, text: str, *values: object) -> bytes:
    """The line that says yes."""
    return Status(True, "", phrase(language, text, *values)).wire()


class No(Exception):  # noqa: N818 - what the server answers
    """-ERR: the text, what fills its braces, and the response code (RFC 2449 §8)."""

    def __init__(self, text: str, *values: object, code: str = "") -> None:
        super().__init__(text)
        self._text, self._values, self._code = text, values, code

    def wire(self, language: str) -> bytes:
        """The line that says no."""
        return Status(False, self._code, phrase(language, self._text, *self._values)).wire()


class Junk(No):
    """-ERR to what no client should say; after too many of them the connection is closed."""
