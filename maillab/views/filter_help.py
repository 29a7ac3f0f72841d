"""The help of the filter language: an example of every term, and what it means, in both languages."""

from maillab.views.gloss import Lang

TERMS = {  # name: example, English, Vietnamese
    "leg": (
        "leg:relay",
        "part of the journey: submit, lookup, relay, retrieve",
        "chặng: submit, lookup, relay, retrieve",
    ),
    "proto": (
        "proto:smtp",
        "protocol: smtp, pop3, dns",
        "giao thức: smtp, pop3, dns",
    ),
    "talk": (
        "talk:submit-1",
        "one talk, by its name; * stands for anything: talk:relay-*",
        "một cuộc đối thoại, theo tên; * thay cho mọi ký tự: talk:relay-*",
    ),
    "side": (
        "side:server",
        "who speaks: client or server",
        "bên nói: client hoặc server",
    ),
    "verb": (
        "verb:rcpt",
        "a command, its content and the replies to it; in DNS the type that is asked for",
        "một lệnh, nội dung và các trả lời cho nó; với DNS là kiểu bản ghi được hỏi",
    ),
    "code": (
        "code:5xx",
        "replies with this code, and what was decided for it: 550, 5xx, +OK, -ERR, NXDOMAIN",
        "các trả lời có mã này, và quyết định theo đó: 550, 5xx, +OK, -ERR, NXDOMAIN",
    ),
    "ecode": (
        "ecode:5.1.1",
        "replies with this enhanced code: 5.1.1, 5.1.x, 4",
        "các trả lời có mã mở rộng này: 5.1.1, 5.1.x, 4",
    ),
    "from": (
        "from:alice",
        "the sender, of the envelope or in the header; from:<> is the empty one",
        "người gửi, trên phong bì hoặc trong đầu thư; from:<> là người gửi rỗng",
    ),
    "to": (
        "to:bob@recipient.test",
        "a recipient, of the envelope or in To, Cc, Bcc",
        "người nhận, trên phong bì hoặc trong To, Cc, Bcc",
    ),
    "user": (
        "user:alice",
        "who is logged in",
        "người đã đăng nhập",
    ),
    "tls": (
        "tls:no",
        "encrypted or not: yes, no, 1.3",
        "có mã hoá hay không: yes, no, 1.3",
    ),
    "subject": (
        'subject:"your code"',
        "messages whose subject has these words, decoded",
        "thư có chữ này trong tiêu đề, đã giải mã",
    ),
    "header": (
        'header:"subject: hi"',
        "messages with such a header field, decoded",
        "thư có trường đầu thư như vậy, đã giải mã",
    ),
    "body": (
        "body:invoice",
        "messages with this in a line of their text, decoded",
        "thư có chữ này trong thân thư, đã giải mã",
    ),
    "job": (
        "job:L1.1",
        "a message's way to one domain: all talks and decisions that belong to it",
        "đường đi của một lá thư tới một tên miền: mọi đối thoại và quyết định liên quan",
    ),
    "mark": (
        "mark:crash",
        "from this mark of the session up to the next",
        "từ dấu mốc này của phiên cho tới dấu mốc kế tiếp",
    ),
    "event": (
        "event:bounced",
        "a kind of event, as `--json` names it",
        "một loại sự kiện, theo tên trong `--json`",
    ),
    "after": (
        "after:1.5s",
        "from so long after the beginning on: ms, s, min, h, d",
        "từ thời điểm này kể từ lúc bắt đầu: ms, s, min, h, d",
    ),
    "before": (
        "before:2min",
        "earlier than that",
        "trước thời điểm đó",
    ),
}
SYNTAX = {
    '"words"': (
        "a word, or several in quotes: in a line, a message or a decision",
        "một từ, hoặc nhiều từ trong ngoặc kép",
    ),
    "/re+gex/": ("a regular expression, in one line", "biểu thức chính quy, trong một dòng"),
    "A B": ("both", "cả hai"),
    "A or B": ("one of them", "một trong hai"),
    "-A": ("not; also written: not A", "phủ định; cũng viết là: not A"),
    "(A or B) C": ("parentheses group", "ngoặc đơn để nhóm"),
}

HELP: dict[Lang, tuple[tuple[str, str], ...]] = {  # example and meaning
    "en": (*((row[0], row[1]) for row in TERMS.values()), *((key, row[0]) for key, row in SYNTAX.items())),
    "vi": (*((row[0], row[2]) for row in TERMS.values()), *((key, row[1]) for key, row in SYNTAX.items())),
}


def table(lang: Lang = "en") -> str:
    """`HELP` as lines of text.

    >>> print(table().splitlines()[0])
      leg:relay              part of the journey: submit, lookup, relay, retrieve
    """
    width = max(len(example) for example, _ in HELP[lang])
    return "".join(f"  {example:<{width}}  {text}\n" for example, text in HELP[lang])
