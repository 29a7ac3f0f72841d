"""What the machines remark upon, in Vietnamese; the English sentence of the event is the key.

Events hold English alone, so that a session reads the same everywhere. A test keeps the table complete.
"""

VIETNAMESE = {
    "no space belongs between the colon and the path: MAIL FROM:<address>": (
        "giữa dấu hai chấm và địa chỉ không có dấu cách: MAIL FROM:<địa-chỉ>"
    ),
    "a path stands in angle brackets: <address>": "địa chỉ đặt trong dấu ngoặc nhọn: <địa-chỉ>",
    "HELO is followed by the name of the client's host": "sau HELO là tên máy của máy khách",
    "a host's name is made of letters, digits and hyphens, joined by dots; or say an address in brackets": (
        "tên máy gồm chữ cái, chữ số và dấu gạch nối, nối nhau bằng dấu chấm; hoặc nêu địa chỉ IP trong ngoặc vuông"
    ),
    "an address has a domain: local-part@domain; the domain of this site was added to the name alone": (
        "địa chỉ phải có tên miền: phần-tên@tên-miền; ở đây tên miền của nơi này được thêm vào"
    ),
    "every line of a message ends with CR LF; here LF was made CR LF (curl sends both with --crlf)": (
        "mỗi dòng của lá thư kết thúc bằng CR LF; ở đây LF được đổi thành CR LF (curl --crlf gửi cả hai)"
    ),
    "a talk begins with EHLO or HELO": "cuộc hội thoại bắt đầu bằng EHLO hoặc HELO",
    "a line of a message has at most 998 octets before its CR LF": (
        "một dòng của lá thư có nhiều nhất 998 byte trước CR LF"
    ),
    "a message holds no NUL; base64 carries such octets": "lá thư không chứa byte NUL; base64 chở được byte như vậy",
    "octets above 127 are announced by MAIL FROM:<address> BODY=8BITMIME": (
        "byte lớn hơn 127 phải báo trước bằng MAIL FROM:<địa-chỉ> BODY=8BITMIME"
    ),
    "lines end with CR LF; nc sends a bare LF, nc -C sends both": (
        "mỗi dòng kết thúc bằng CR LF; nc chỉ gửi LF, nc -C gửi cả hai"
    ),
    "lines end with CR LF; nc -C sends both": "mỗi dòng kết thúc bằng CR LF; nc -C gửi cả hai",
    "a server's lines end with CR LF": "các dòng của máy chủ kết thúc bằng CR LF",
    "this service takes any name and password": "dịch vụ này nhận bất kỳ tên và mật khẩu nào",
    "settings were changed by hand": "các thiết lập được đổi bằng tay",
    "held by hand": "được giữ lại bằng tay",
    "goes on": "chạy tiếp",
    "a byte order mark stood before the header; it was taken away": (
        "có dấu thứ tự byte (BOM) đứng trước đầu thư; nó đã được bỏ đi"
    ),
    'a mailbox\'s "From " line stood before the header; it is now the field X-Mailbox-Line': (
        'có dòng "From " của tệp mbox đứng trước đầu thư; nay nó là trường X-Mailbox-Line'
    ),
}


def remark(text: str, lang: str) -> str:
    """A remark in the reader's language; one that the table does not know, or in English, as it is.

    >>> remark("a talk begins with EHLO or HELO", "vi"), remark("of another version", "vi")
    ('cuộc hội thoại bắt đầu bằng EHLO hoặc HELO', 'of another version')
    """
    return VIETNAMESE.get(text, text) if lang == "vi" else text
