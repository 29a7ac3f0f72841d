"""What a reader is told about a message that is not as it should be: one sentence each, in both languages.

Rules for this file: sentences are ours; a value from a message is cut and made safe before it enters one.
"""

from maillab.views.gloss import Lang
from maillab.views.safe import safe

VALUE = 80  # characters of a value in a sentence

_SENTENCES: dict[str, tuple[str, str]] = {  # kind: English, Vietnamese
    "types": (
        "more than one Content-Type: the first counts",
        "nhiều hơn một Content-Type: dòng đầu tiên được dùng",
    ),
    "parts": (
        "more than {value} parts: the rest is not shown",
        "nhiều hơn {value} phần: những phần còn lại không hiện",
    ),
    "boundaries": (
        "too many possible boundaries: the rest is not shown",
        "quá nhiều dòng giống boundary: phần còn lại không hiện",
    ),
    "no-boundary": (
        "a multipart without its boundary, or too deep: shown as text",
        "một multipart không có boundary, hoặc lồng quá sâu: hiện như văn bản",
    ),
    "open-multipart": (
        "a multipart without its end",
        "một multipart không có dòng kết thúc",
    ),
    "fields": (
        "more than {value} header fields: the rest is not shown",
        "nhiều hơn {value} trường đầu thư: phần còn lại không hiện",
    ),
    "mbox": (
        "an mbox line before the header, which is no part of the message",
        "một dòng mbox đứng trước đầu thư, không thuộc về thư",
    ),
    "stray": (
        "a line in the header that is no field: {value}",
        "một dòng trong đầu thư không phải là trường: {value}",
    ),
    "no-blank-line": (
        "no blank line between header and text: the text begins at the first line that is no field",
        "không có dòng trống giữa đầu thư và thân thư: thân thư bắt đầu ở dòng đầu tiên không phải là trường",
    ),
    "endless-header": (
        "a header section without end: cut",
        "đầu thư không có chỗ kết thúc: đã cắt",
    ),
    "names": (
        "an attachment with several names: the first counts",
        "một tệp đính kèm có nhiều tên: tên đầu tiên được dùng",
    ),
    "text": (
        "more than {value} octets of text: the rest is not shown",
        "nhiều hơn {value} byte văn bản: phần còn lại không hiện",
    ),
    "charset": (
        "text that is not in the character set it names ({value})",
        "văn bản không viết bằng bảng mã mà nó ghi ({value})",
    ),
    "unknown-charset": (
        "a character set that is not known ({value}): what it most probably is was guessed",
        "bảng mã không biết ({value}): đã đoán bảng mã có khả năng nhất",
    ),
    "no-charset": (
        "8-bit text that names no character set: which one it is was guessed",
        "văn bản 8 bit không ghi bảng mã: đã đoán bảng mã",
    ),
    "encoding": (
        "unknown transfer encoding {value}",
        "không biết cách biểu diễn này (Content-Transfer-Encoding): {value}",
    ),
    "base64": (
        "base64 that goes on after its end: all of it is shown",
        "base64 còn tiếp tục sau chỗ kết thúc: hiện tất cả",
    ),
    "no-address": (
        "named, but no address that mail can go to: {value}",
        "được ghi nhưng không phải địa chỉ gửi thư được: {value}",
    ),
    "hidden": (
        "the page hides all its words from readers: they are shown here",
        "trang HTML giấu mọi chữ khỏi người đọc: chữ được hiện ở đây",
    ),
    "wordless": (
        "the page has no words, only pictures or nothing",
        "trang HTML không có chữ, chỉ có hình hoặc trống",
    ),
    "deep": (
        "HTML that is nested too deep: its form is not kept",
        "HTML lồng quá sâu: không giữ được dạng trình bày",
    ),
}


class Note(str):
    """One such sentence, in English; `said` has it in a language.

    >>> Note("parts", 1000).said("vi")
    'nhiều hơn 1000 phần: những phần còn lại không hiện'
    """

    __slots__ = ("_value", "kind")
    kind: str
    _value: str

    def __new__(cls, kind: str, value: object = "") -> "Note":
        """`kind` is a key of the table above, `value` what the sentence names."""
        shown = safe(str(value)[:VALUE])
        note = super().__new__(cls, _SENTENCES[kind][0].format(value=shown))
        note.kind, note._value = kind, shown
        return note

    def said(self, lang: Lang) -> str:
        """The sentence in a language."""
        return _SENTENCES[self.kind][lang == "vi"].format(value=self._value)
