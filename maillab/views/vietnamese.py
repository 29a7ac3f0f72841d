"""What the screen says of events, of what machines remark upon, and of filters, in Vietnamese; English is the key.

The protocols' own words stay as they are.
"""

VIETNAMESE = {
    # of events
    "to {server} over UDP ({service})": "tới {server} qua UDP ({service})",
    "connected to {server} ({service})": "đã kết nối tới {server} ({service})",
    "connected to {server} ({service}, TLS from the first octet)": (
        "đã kết nối tới {server} ({service}, TLS ngay từ đầu)"
    ),
    "TLS began ({version})": "bắt đầu TLS ({version})",
    "ended: {why}": "kết thúc: {why}",
    "ended": "kết thúc",
    "connection lost": "kết nối bị đứt",
    "ended: nobody spoke for too long": "kết thúc: im lặng quá lâu",
    "ended: answered": "kết thúc: đã trả lời",
    "connection refused": "kết nối bị từ chối",
    "logged in as {user} ({mechanism})": "đã đăng nhập: {user} ({mechanism})",
    "took message {message} from <{sender}> for {recipients} ({octets} octets)": (
        "đã nhận thư {message} từ <{sender}> gửi {recipients} ({octets} byte)"
    ),
    "message {message} queued for {domain} ({recipients})": "thư {message} vào hàng đợi cho {domain} ({recipients})",
    "hosts to try, in this order: {hosts}": "các máy sẽ thử, theo thứ tự: {hosts}",
    "no host takes mail for this domain": "không máy nào nhận thư cho tên miền này",
    "tried {host}: {code}": "đã thử {host}: {code}",
    "tried {host}: no answer": "đã thử {host}: không trả lời",
    "deferred for {recipients}: {reason}; next attempt in {wait}": (
        "hoãn lại với {recipients}: {reason}; thử lại sau {wait}"
    ),
    "failed for {recipients}, not tried again: {reason}": "thất bại với {recipients}, không thử lại nữa: {reason}",
    "report {kind} sent to {to} as message {message}": "đã gửi báo cáo {kind} tới {to}, là thư {message}",
    "bounce sent to {to} as message {message}": "đã gửi thư báo lỗi (bounce) tới {to}, là thư {message}",
    "report of a delay sent to {to} as message {message}": "đã gửi báo cáo chậm trễ tới {to}, là thư {message}",
    "report of delivery sent to {to} as message {message}": "đã gửi báo cáo phát thư tới {to}, là thư {message}",
    "report dropped: {reason}": "đã bỏ báo cáo: {reason}",
    "stored for {mailbox} as {uid} ({octets} octets)": "đã lưu cho {mailbox}, số {uid} ({octets} byte)",
    "message {uid} read by {mailbox}": "{mailbox} đã đọc thư {uid}",
    "messages removed from {mailbox}: {uids}": "đã xoá khỏi hộp thư {mailbox}: {uids}",
    "tolerated: {why} ({rule})": "tạm chấp nhận: {why} ({rule})",
    "a rule is played, {effect}: {rule}": "quy tắc có hiệu lực, {effect}: {rule}",
    "played on purpose: {effect}": "được tạo ra có chủ ý: {effect}",
    "warning: {text}": "cảnh báo: {text}",
    "a fault of the lab itself, reference {reference}: {what}": "lỗi của chính lab, mã tra cứu {reference}: {what}",
    "{lines} line of message, {octets} octets": "{lines} dòng nội dung thư, {octets} byte",
    "{lines} lines of message, {octets} octets": "{lines} dòng nội dung thư, {octets} byte",
    "message, {octets} octets, no longer kept": "nội dung thư, {octets} byte, không còn được giữ",
    "{lines} more line, {octets} octets": "còn {lines} dòng, {octets} byte",
    "{lines} more lines, {octets} octets": "còn {lines} dòng, {octets} byte",
    "{count} lines: {names}": "{count} dòng: {names}",
    "What the server can do; --full shows and explains each line.": (
        "Những gì máy chủ làm được; --full hiện và giải thích từng dòng."
    ),
    "{names} and {count} more": "{names} và {count} nữa",
    "{count} s": "{count} giây",
    "{count} min": "{count} phút",
    "{count} h": "{count} giờ",
    "{count} d": "{count} ngày",
    # remarks
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
    # the filter language
    "part of the journey: submit, lookup, relay, retrieve": "chặng: submit, lookup, relay, retrieve",
    "protocol: smtp, pop3, dns": "giao thức: smtp, pop3, dns",
    "one talk, by its name; * stands for anything: talk:relay-*": (
        "một cuộc đối thoại, theo tên; * thay cho mọi ký tự: talk:relay-*"
    ),
    "who speaks: client or server": "bên nói: client hoặc server",
    "a command, its content and the replies to it; in DNS the type that is asked for": (
        "một lệnh, nội dung và các trả lời cho nó; với DNS là kiểu bản ghi được hỏi"
    ),
    "replies with this code, and what was decided for it: 550, 5xx, +OK, -ERR, NXDOMAIN": (
        "các trả lời có mã này, và quyết định theo đó: 550, 5xx, +OK, -ERR, NXDOMAIN"
    ),
    "replies with this enhanced code: 5.1.1, 5.1.x, 4": "các trả lời có mã mở rộng này: 5.1.1, 5.1.x, 4",
    "the sender, of the envelope or in the header; from:<> is the empty one": (
        "người gửi, trên phong bì hoặc trong đầu thư; from:<> là người gửi rỗng"
    ),
    "a recipient, of the envelope or in To, Cc, Bcc": "người nhận, trên phong bì hoặc trong To, Cc, Bcc",
    "who is logged in": "người đã đăng nhập",
    "encrypted or not: yes, no, 1.3": "có mã hoá hay không: yes, no, 1.3",
    "messages whose subject has these words, decoded": "thư có chữ này trong tiêu đề, đã giải mã",
    "messages with such a header field, decoded": "thư có trường đầu thư như vậy, đã giải mã",
    "messages with this in a line of their text, decoded": "thư có chữ này trong thân thư, đã giải mã",
    "a message's way to one domain: all talks and decisions that belong to it": (
        "đường đi của một lá thư tới một tên miền: mọi đối thoại và quyết định liên quan"
    ),
    "from this mark of the session up to the next": "từ dấu mốc này của phiên cho tới dấu mốc kế tiếp",
    "a kind of event, as `--json` names it": "một loại sự kiện, theo tên trong `--json`",
    "from so long after the beginning on: ms, s, min, h, d": "từ thời điểm này kể từ lúc bắt đầu: ms, s, min, h, d",
    "earlier than that": "trước thời điểm đó",
    "a word, or several in quotes: in a line, a message or a decision": "một từ, hoặc nhiều từ trong ngoặc kép",
    "a regular expression, in one line": "biểu thức chính quy, trong một dòng",
    "both": "cả hai",
    "one of them": "một trong hai",
    "not; also written: not A": "phủ định; cũng viết là: not A",
    "parentheses group": "ngoặc đơn để nhóm",
}
