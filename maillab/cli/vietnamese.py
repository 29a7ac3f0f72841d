"""What the command line says in Vietnamese: errors, hints, the banner of `serve`, the doctor. English is the key.

One row a line; {} stands for a value, in the same order in both languages. A test keeps the table complete.
"""

from maillab.protocols.services import PROGRAMS, SERVICES

SENTENCES = {
    # options
    "a number from 0 (at once) to 1000": "cần một số từ 0 (ra hết ngay) đến 1000",
    "a number of lines, or none": "cần một số dòng, hoặc none",
    "a number of seconds, 0 or more": "cần số giây, từ 0 trở lên",
    "a port from 0 (any) to 65535": "cần một cổng từ 0 (cổng nào cũng được) đến 65535",
    "the command comes first, its options after it": "lệnh đứng trước, tuỳ chọn của nó đứng sau",
    "try: maillab {} {}": "hãy thử: maillab {} {}",
    "unrecognized arguments: {}": "không hiểu các tham số: {}",
    "there is no command {}": "không có lệnh {}",
    "did you mean {}?": "ý bạn là {}?",
    "--filter: {}": "--filter: {}",
    "--against and --as-server do not go together": "--against và --as-server không dùng chung được",
    "{} do not go together": "{} không dùng chung được",
    "no faults; write `rules`": "đây không phải faults; hãy viết `rules`",
    "no account {}": "không có tài khoản {}",
    # words explained
    "nothing is known of “{}”; the nearest:": "không có gì về “{}”; gần nhất:",
    "nothing is known of “{}”; all words: maillab explain --list": (
        "không có gì về “{}”; mọi từ: maillab explain --list"
    ),
    "no RFC": "không có RFC",
    "network": "mạng",
    "offered capability": "tính năng được nêu",
    "parameter": "tham số",
    "class of replies": "lớp mã trả lời",
    "reply": "trả lời",
    "enhanced code": "mã mở rộng",
    "response code": "mã kết quả",
    "record": "bản ghi",
    "term": "khái niệm",
    "port": "cổng",
    "header field": "trường đầu thư",
    "type": "kiểu nội dung",
    "encoding": "cách biểu diễn",
    "login mechanism": "cơ chế đăng nhập",
    "file": "tệp",
    "line": "dòng",
    # the manual
    "Pages; read one: maillab help TOPIC": "Các trang; đọc một trang: maillab help TRANG",
    "(This page is in English only.)": "(Trang này mới có bản tiếng Anh.)",
    "the manual has no page “{}”; near it: {}": "sách hướng dẫn không có trang “{}”; gần giống: {}",
    "the manual has no page “{}”; all pages: maillab help": (
        "sách hướng dẫn không có trang “{}”; mọi trang: maillab help"
    ),
    # typing by hand
    "the input has ended: hanging up without QUIT": "đã hết dữ liệu vào: ngắt kết nối mà không có QUIT",
    "the server says go ahead: the TLS handshake is done for you": (
        "máy chủ đồng ý: phần bắt tay TLS được làm thay bạn"
    ),
    "a message is still on its way; it ends with this lab": (
        "một lá thư vẫn đang trên đường; nó mất khi lab này kết thúc"
    ),
    # messages
    "ready: the lab in {} (process {})": "sẵn sàng: lab ở {} (tiến trình {})",
    "A test message": "Thư thử",
    "Hello, this message was sent by maillab.": "Xin chào, đây là thư gửi bằng maillab.",
    # saved messages
    "note": "ghi chú",
    "octets": "byte",
    "{} reads:": "{} đọc:",
    "no messages in {}: it is no Maildir, and no file in it ends in .eml or .mbox": (
        "không có thư nào trong {}: đó không phải Maildir, và không tệp nào trong đó có đuôi .eml hay .mbox"
    ),
    "{} is empty": "{} trống rỗng",
    "{}: its first line belongs to an mbox and not to the message; it is left out": (
        "{}: dòng đầu thuộc về mbox chứ không thuộc về thư; đã bỏ dòng đó"
    ),
    "{}: a message of more than {} MiB": "{}: một lá thư lớn hơn {} MiB",
    "the command line": "dòng lệnh",
    # files and sessions
    "cannot write to standard output: {}": "không ghi được ra đầu ra chuẩn: {}",
    "standard output can be written again; what was said meanwhile is missing": (
        "lại ghi được ra đầu ra chuẩn; những gì đã nói trong lúc đó thì thiếu"
    ),
    "cannot read standard input: {}": "không đọc được đầu vào chuẩn: {}",
    "give the text another way: --body TEXT, --body-file FILE": (
        "hãy đưa nội dung bằng cách khác: --body TEXT, --body-file FILE"
    ),
    "Bad file descriptor": "luồng này đã bị đóng",
    "no home folder is known to keep a lab in": "không biết thư mục nhà nào để đặt lab",
    "try: --lab DIR, or --ephemeral, or set HOME": "hãy thử: --lab DIR, hoặc --ephemeral, hoặc đặt biến HOME",
    "cannot read {}": "không đọc được {}",
    "cannot read {}{}": "không đọc được {}{}",
    "cannot read {}: {}": "không đọc được {}: {}",
    "cannot write {}: {}": "không ghi được {}: {}",
    "cannot record in {}: {}": "không ghi phiên vào {} được: {}",
    "the record stopped: {}": "việc ghi phiên đã dừng: {}",
    "no talk is called {} in either session": "cả hai phiên đều không có hội thoại nào tên {}",
    "which session? maillab export FILE --format NAME": "phiên nào? maillab export FILE --format NAME",
    "which format? --format {}": "định dạng nào? --format {}",
    "--{} means nothing in {}": "--{} không có nghĩa với {}",
    "{} is not for a terminal; add: --output session{}": "{} không in ra terminal được; hãy thêm: --output session{}",
    "to replace it, add: --force": "để thay nó, hãy thêm: --force",
    "nothing was recorded: {} was not written": "không ghi được gì: {} không được tạo ra",
    "cannot record in {}: the file is there already": "không ghi phiên vào {} được: tệp đã có",
    "the file is there already": "tệp đã có",
    "name another file": "hãy chọn tên tệp khác",
    "{} could not be said again": "không nói lại được {}",
    "{} is said again to {}": "nói lại {} với {}",
    # stories
    "no story is called {}; did you mean {}?": "không có câu chuyện nào tên {}; ý bạn là {}?",
    "no story is called {}; see: maillab demo --list": "không có câu chuyện nào tên {}; xem: maillab demo --list",
    "the story did not go as told: {}": "câu chuyện không diễn ra như lời kể: {}",
    "the story took too long": "câu chuyện kéo dài quá lâu",
    # explaining
    "which word? for example: maillab explain MX record": "từ nào? ví dụ: maillab explain bản ghi MX",
    # messages
    "the server offers no DSN: --notify, --ret and --envid were not passed on": (
        "máy chủ không cung cấp DSN: --notify, --ret và --envid không được gửi kèm"
    ),
    "the session is longer than {} octets": "phiên dài hơn {} byte",
    "--notify is never, or some of success,failure,delay": "--notify là never, hoặc vài trong số success,failure,delay",
    '--header {}: expected "Name: value"': '--header {}: cần có dạng "Tên: giá trị"',
    "--raw: some lines end in CR LF and some do not; SMTP carries CR LF only (RFC 5321 section 2.3.8)": (
        "--raw: có dòng kết thúc bằng CR LF, có dòng không; SMTP chỉ chở CR LF (RFC 5321 mục 2.3.8)"
    ),
    "make them alike: unix2dos FILE": "hãy làm cho chúng giống nhau: unix2dos FILE",
    "write it as {}": "hãy viết thành {}",
    'write it as bob@recipient.test or "Bob <bob@recipient.test>"': (
        'hãy viết thành bob@recipient.test hoặc "Bob <bob@recipient.test>"'
    ),
    "{} is not UTF-8 text (octet {})": "{} không phải là văn bản UTF-8 (byte thứ {})",
    "send it as a file with --attach, or a whole message with --raw": (
        "hãy gửi nó như một tệp bằng --attach, hoặc cả lá thư bằng --raw"
    ),
    "the message cannot be written: {}": "không viết được lá thư: {}",
    "--fetch reads the mailboxes of a lab; it does not go with --server": (
        "--fetch đọc hộp thư của lab; nó không đi cùng --server"
    ),
    "--fetch needs a lab of its own": "--fetch cần một lab riêng",
    "add --ephemeral": "hãy thêm --ephemeral",
    "--server needs --from": "--server cần có --from",
    "for example: --from alice@sender.test": "ví dụ: --from alice@sender.test",
    "nobody lives in this lab": "lab này không có ai",
    "{} has no account in this lab": "{} không có tài khoản trong lab này",
    "these have: {}": "những người có: {}",
    "nobody": "không ai",
    "to send to another server: --server HOST:PORT": "để gửi tới máy chủ khác: --server HOST:PORT",
    "see: maillab config": "xem: maillab config",
    # sending
    "a lab runs already (process {}): the message goes to it, at port {}": (
        "đã có một lab đang chạy (tiến trình {}): thư được gửi tới đó, cổng {}"
    ),
    "no lab runs: one is started for this message, on free ports, and ends with it": (
        "không có lab nào đang chạy: một lab được khởi động riêng cho thư này, trên cổng trống, và kết thúc cùng nó"
    ),
    "{}: its lines end in LF; they are sent with CR LF": "{}: các dòng kết thúc bằng LF; chúng được gửi với CR LF",
    "{} did not greet us": "{} không chào",
    "{} did not greet us: {}": "{} không chào: {}",
    "{} did not accept our EHLO: {}": "{} không chấp nhận EHLO: {}",
    "TLS with {} failed: {}": "TLS với {} thất bại: {}",
    "{} did not let us log in: {}": "{} không cho đăng nhập: {}",
    "the sender was refused: {}": "người gửi bị từ chối: {}",
    "no recipient was accepted: {}": "không người nhận nào được chấp nhận: {}",
    "the message was refused: {}": "lá thư bị từ chối: {}",
    "is a server running there? one of your own: maillab serve": (
        "ở đó có máy chủ nào đang chạy không? máy chủ của riêng bạn: maillab serve"
    ),
    "is TLS offered there? try --tls none, --ca FILE for its authority, or --insecure to trust anybody": (
        "ở đó có TLS không? hãy thử --tls none, --ca FILE cho chứng chỉ gốc của nó, hoặc --insecure để tin tất cả"
    ),
    "check --user and --password; passwords go through TLS only: --tls starttls": (
        "hãy xem lại --user và --password; mật khẩu chỉ đi qua TLS: --tls starttls"
    ),
    "the reply says why: maillab explain {}": "câu trả lời cho biết vì sao: maillab explain {}",
    "not accepted for {}: {}": "không được chấp nhận cho {}: {}",
    "the message is still on its way after {} seconds": "sau {} giây lá thư vẫn còn trên đường",
    "wait longer: --timeout N": "để chờ lâu hơn: --timeout N",
    "{} has no {} door in this configuration": "{} không có cổng {} trong cấu hình này",
    "waiting": "đang chờ",
    "delivered": "đã phát",
    "deferred": "bị hoãn",
    "failed": "thất bại",
    # fetching
    "{} has no POP3 door in this configuration": "{} không có cổng POP3 trong cấu hình này",
    "{} could not fetch mail: {}": "{} không tải được thư: {}",
    "the mailbox of {} is empty": "hộp thư của {} trống",
    # ready, wait, assert
    "no lab is ready in {}": "chưa có lab nào sẵn sàng ở {}",
    "no lab was ready in {} within {} s": "không có lab nào sẵn sàng ở {} trong {} giây",
    "no lab runs in {}": "không có lab nào đang chạy ở {}",
    "there is no lab in {}": "không có lab nào ở {}",
    "start one: maillab serve": "hãy chạy một lab: maillab serve",
    "{} of {} messages within {} s": "mới có {} trên {} lá thư trong {} giây",
    "a message has nothing of the kind": "có lá thư không chứa điều được hỏi",
    "no such message: {}": "không có lá thư nào như vậy: {}",
    "{} messages, expected {}: {}": "có {} lá thư, cần {}: {}",
    "messages in the mailboxes: {}": "số lá thư trong các hộp thư: {}",
    "a time is expected, like 10s, 500ms or 2min": "cần một khoảng thời gian, như 10s, 500ms hay 2min",
    "a number from 1 on is expected": "cần một số từ 1 trở lên",
    # talking
    "{} is no site of this lab": "{} không phải là site của lab này",
    "sites are: {}; a server is written HOST:PORT": "các site là: {}; một máy chủ được viết là HOST:PORT",
    "{} does not speak {}: {} do": "{} không nói {}: hãy dùng {}",
    "a lab runs already (process {}); you are connected to {}:{}": (
        "đã có một lab đang chạy (tiến trình {}); bạn đang kết nối tới {}:{}"
    ),
    "a lab was started for this talk; you are connected to {}": (
        "một lab được khởi động riêng cho cuộc hội thoại này; bạn đang kết nối tới {}"
    ),
    "{} in this configuration": "{} trong cấu hình này",
    "the lab in {} (process {}) has no {} at {}": "lab ở {} (tiến trình {}) không có {} tại {}",
    "its doors there are: {}": "các cổng của nó ở đó: {}",
    "the lab in {} (process {}) has its {} at {} port {}, but nobody answers there": (
        "lab ở {} (tiến trình {}) có {} tại {} cổng {}, nhưng không ai trả lời ở đó"
    ),
    "likely the door was closed by hand in its window": "có lẽ cổng đã được đóng bằng tay trong cửa sổ của nó",
    "or take a lab of your own: the same command with --ephemeral": (
        "hoặc dùng một lab riêng: cùng lệnh ấy, thêm --ephemeral"
    ),
    # where one may go
    "{} may be on the real Internet, and the lab does not go there by itself": (
        "{} có thể ở trên Internet thật, và lab không tự mình ra đó"
    ),
    "allowed are this computer and names that end in .test .example .invalid .localhost": (
        "được phép: máy này và các tên kết thúc bằng .test .example .invalid .localhost"
    ),
    "if you mean it and may do it: the same command with --real-internet": (
        "nếu bạn thật sự muốn và được phép: cùng lệnh ấy, thêm --real-internet"
    ),
    "{} is not HOST:PORT": "{} không có dạng HOST:PORT",
    "for example: 127.0.0.1:1025, mx.recipient.test:25, [::1]:1110": (
        "ví dụ: 127.0.0.1:1025, mx.recipient.test:25, [::1]:1110"
    ),
    # a lab and its ports
    "cannot listen on {}:{}: {}": "không nghe được ở {}:{}: {}",
    "cannot listen on {} port {} for {}: {}": "không nghe được ở {} cổng {} cho {}: {}",
    "likely another program is there; see: maillab doctor": (
        "có lẽ một chương trình khác đang ở đó; xem: maillab doctor"
    ),
    "or take free ports: maillab serve --ports auto": "hoặc lấy các cổng còn trống: maillab serve --ports auto",
    "cannot live in {}: {}": "lab không ở trong {} được: {}",
    "try: maillab serve --lab DIR, or --ephemeral": "hãy thử: maillab serve --lab DIR, hoặc --ephemeral",
    "another maillab (process {}) lives in {}": "một maillab khác (tiến trình {}) đang ở trong {}",
    "try: maillab serve --lab OTHER_DIR --ports auto, or stop the other one: kill {}": (
        "hãy thử: maillab serve --lab OTHER_DIR --ports auto, hoặc dừng cái kia: kill {}"
    ),
    "listening on {}:{} as {}; Ctrl-C ends it": "đang nghe ở {}:{} trong vai {}; Ctrl-C kết thúc",
    "certificate to trust: {}": "chứng chỉ cần tin: {}",
    "{} times a client said what the record does not know": "{} lần máy khách nói điều mà bản ghi không biết",
    # a configuration
    "{}: larger than {} octets; no configuration is": "{}: lớn hơn {} byte; không cấu hình nào lớn như thế",
    "{}{}: `{}`: {}": "{}{}: `{}`: {}",
    "{}: `{}`: {}": "{}: `{}`: {}",
    "{}: `keys`: {}": "{}: `keys`: {}",
    "{}: not TOML: nested too deeply": "{}: không phải TOML: lồng nhau quá sâu",
    "{}{}: not TOML: {}{}": "{}{}: không phải TOML: {}{}",
    "{}: not TOML: {}": "{}: không phải TOML: {}",
    "{}: written in {}; TOML is UTF-8: save the file as UTF-8": (
        "{}: được viết bằng {}; TOML là UTF-8: hãy lưu tệp dưới dạng UTF-8"
    ),
    "{}:{}: octet 0x{} is not UTF-8; save the file as UTF-8": (
        "{}:{}: byte 0x{} không phải UTF-8; hãy lưu tệp dưới dạng UTF-8"
    ),
    "unknown key; {}": "không có khoá này; {}",
    "did you mean `{}`?": "ý bạn là `{}`?",
    "known here: {}": "ở đây có: {}",
    "unknown {}; known: {}": "không có {}; có: {}",
    "unknown {} {}; did you mean {}?": "không có {} {}; ý bạn là {}?",
    "service": "dịch vụ",
    "command": "lệnh",
    "this service begins with TLS; port -1 closes it": "dịch vụ này mở đầu bằng TLS; cổng -1 để đóng",
    "the site has no certificates (`tls = false`)": "site này không có chứng chỉ (`tls = false`)",
    "whoever reads mail logs in, and sends nothing": "người đọc thư phải đăng nhập và không gửi gì",
    "anybody can read mail only where `mailboxes` is anybody": "ai cũng đọc được thư chỉ khi `mailboxes` là anybody",
    "there is none; a lab needs at least one": "không có site nào; lab cần ít nhất một",
    "{} is an address; a name is expected, like sender.test": "{} là một địa chỉ; cần một tên, như sender.test",
    "{}: write it as {}, in lower case": "{}: hãy viết là {}, bằng chữ thường",
    "too long: a name of DNS has at most {} octets, mail. in front included": (
        "quá dài: tên trong DNS có nhiều nhất {} byte, kể cả mail. ở trước"
    ),
    "{} is named twice among sites and zones": "{} được nêu hai lần trong sites và zones",
    "expected 1 to 100 numbers of seconds": "cần từ 1 đến 100 số giây",
    "expected at least {}, got {}": "cần ít nhất {}, lại là {}",
    "expected at most {}, got {}": "cần nhiều nhất {}, lại là {}",
    "expected a port from 0 to 65535, got {}": "cần một cổng từ 0 đến 65535, lại là {}",
    "expected a port from 0 to 65535, or -1, got {}": "cần một cổng từ 0 đến 65535, hoặc -1, lại là {}",
    "{} is no site with an smtp door; these are: {}": "{} không phải là site có cổng smtp; các site có là: {}",
    "port {} is given to {} already, and to {}; 0 takes a free one": (
        "cổng {} đã dành cho {}, lại cho cả {}; 0 để lấy cổng trống"
    ),
    "{} of {}": "{} của {}",
    "the name server": "máy chủ tên",
    "expected 0 (drop) or 400 to 599, got {}": "cần 0 (ngắt kết nối) hoặc 400 đến 599, lại là {}",
    "expected a code like {}.7.1 (RFC 3463), got {}": "cần một mã như {}.7.1 (RFC 3463), lại là {}",
    "expected one printable line of at most {} octets": "cần một dòng in được, dài nhất {} byte",
    "nobody lives at {}; somebody must be the postmaster (RFC 5321 §4.5.1)": (
        "{} không có ai; phải có người làm postmaster (RFC 5321 §4.5.1)"
    ),
    "{} and {} are one mailbox; named twice": "{} và {} là cùng một hộp thư; bị nêu hai lần",
    "{} cannot stand before the @: {}": "{} không đứng trước @ được: {}",
    "{} cannot be the name of a person": "{} không thể là tên một người",
    "{}: no folder can be called so; take out {}": "{}: không thư mục nào có tên như vậy; hãy bỏ {}",
    "{}: a file of the lab is called so; take another name": "{}: đã có tệp của lab tên như vậy; hãy chọn tên khác",
    "it has an end of line or a NUL in it; nobody can log in with that": (
        "có dấu xuống dòng hoặc NUL ở trong; không ai đăng nhập bằng nó được"
    ),
    "{}:{}: `{}`: {}": "{}:{}: `{}`: {}",
    # a running lab that is looked for
    "a lab runs in {} (process {}), but where its doors are is not known: {}": (
        "một lab đang chạy trong {} (tiến trình {}), nhưng không biết các cổng của nó ở đâu: {}"
    ),
    "it has not opened its doors yet": "nó chưa mở các cổng",
    "try again in a moment, or take a lab of your own: add --ephemeral": (
        "hãy thử lại sau giây lát, hoặc dùng một lab riêng: thêm --ephemeral"
    ),
    # the banner of serve
    "SITE": "SITE",
    "SERVICE": "DỊCH VỤ",
    "ADDRESS": "ĐỊA CHỈ",
    "TLS": "TLS",
    "LOGIN": "ĐĂNG NHẬP",
    "FOR": "ĐỂ",
    "(all)": "(tất cả)",
    "yes": "có",
    "possible": "tuỳ chọn",
    "any, or none": "tuỳ ý",
    "no": "không",
    "none": "không",
    "implicit": "ngay từ đầu",
    **{service.purpose: service.in_vietnamese for service in (*SERVICES.values(), PROGRAMS)},
    "accounts": "tài khoản",
    "not shown; add --show-secrets": "không hiện; thêm --show-secrets",
    "--password and --password-file do not go together": "--password và --password-file không dùng chung được",
    "--password-file {}: its first line is longer than {} octets": "--password-file {}: dòng đầu dài hơn {} byte",
    "--password-file {}: it is not UTF-8": "--password-file {}: không phải UTF-8",
    "--password alone asks for it, and there is no terminal": (
        "--password đứng một mình thì hỏi mật khẩu, mà ở đây không có terminal"
    ),
    "try: --password-file FILE, or set {}": "hãy thử: --password-file FILE, hoặc đặt biến {}",
    "password: {}": "mật khẩu: {}",
    "lab folder: {}": "thư mục của lab: {}",
    "certificate of the lab: {}": "chứng chỉ của lab: {}",
    "INSECURE ON PURPOSE: {}": "CỐ Ý KHÔNG AN TOÀN: {}",
    "Ctrl-C ends the lab.": "Ctrl-C kết thúc lab.",
    # where things are
    "# from: {}": "# từ: {}",
    "# from: the default lab; no file was found": "# từ: lab mặc định; không thấy tệp nào",
    "lab": "lab",
    "mail": "thư",
    "queue": "hàng đợi",
    "certificate": "chứng chỉ",
    "lab configuration": "cấu hình của lab",
    "configuration": "cấu hình",
    "no difference in {} exchanges": "không khác gì trong {} lượt hỏi đáp",
    # the window that cannot be opened
    "maillab: the window needs a terminal, and this is none.": (
        "maillab: cửa sổ cần một terminal, mà đây không phải là terminal."
    ),
    "maillab: the terminal says that it cannot move its cursor (TERM={}).": (
        "maillab: terminal báo rằng nó không di chuyển được con trỏ (TERM={})."
    ),
    "These work everywhere:": "Những lệnh này dùng được ở mọi nơi:",
    "Begin with: maillab demo": "Hãy bắt đầu bằng: maillab demo",
    # the doctor
    "{}: maillab is made for {}": "{}: maillab được làm cho {}",
    "maillab help platforms": "maillab help platforms",
    "maillab needs Python {}.{} or later": "maillab cần Python {}.{} trở lên",
    "SQLite {}": "SQLite {}",
    "the queue needs 3.35 or later: a newer Python brings one": (
        "hàng đợi cần 3.35 trở lên: Python mới hơn có kèm bản đó"
    ),
    "libraries {}": "các thư viện {}",
    "library {} is missing": "thiếu thư viện {}",
    "library {} {} is not {}": "thư viện {} {} không đạt {}",
    "sockets on {} work": "socket ở {} hoạt động",
    "no sockets on {}: {}": "không dùng được socket ở {}: {}",
    "look at the firewall or the sandbox: ip addr show lo": "hãy xem tường lửa hoặc sandbox: ip addr show lo",
    "taken by {}: port {}": "đang do {} giữ: cổng {}",
    "an unknown process": "một tiến trình không rõ",
    "{} (process {})": "{} (tiến trình {})",
    "ports {} are those of the lab that runs (process {})": "các cổng {} là của lab đang chạy (tiến trình {})",
    "ports {} are free": "các cổng {} còn trống",
    "port {} ({}): {}": "cổng {} ({}): {}",
    "maillab serve --ports auto": "maillab serve --ports auto",
    "maillab serve --ports auto; or stop it: kill {}": "maillab serve --ports auto; hoặc dừng nó: kill {}",
    "lab folder {}": "thư mục của lab {}",
    "lab folder {}{}": "thư mục của lab {}{}",
    "lab folder {}, a lab runs in it (process {})": "thư mục của lab {}, có một lab đang chạy trong đó (tiến trình {})",
    "lab folder {} is made at the first start": "thư mục của lab {} sẽ được tạo ở lần khởi động đầu tiên",
    "{} is not a folder": "{} không phải là thư mục",
    "name another: maillab serve --lab DIR": "hãy nêu thư mục khác: maillab serve --lab DIR",
    "{} cannot be written": "không ghi được vào {}",
    "chmod u+rwx {}, or maillab serve --lab DIR": "chmod u+rwx {}, hoặc maillab serve --lab DIR",
    "{} MiB free in {}": "còn trống {} MiB trong {}",
    "make room, or name another disk: maillab serve --lab DIR": (
        "hãy dọn bớt, hoặc nêu đĩa khác: maillab serve --lab DIR"
    ),
    "fsync in {}: {}": "fsync trong {}: {}",
    "a disk that cannot promise is no place for mail: maillab serve --lab DIR": (
        "đĩa không bảo đảm được thì không phải chỗ để thư: maillab serve --lab DIR"
    ),
    "files and folders in {} can be synced to disk": "tệp và thư mục trong {} ghi chắc được xuống đĩa",
    "text is written in {}": "chữ được viết bằng {}",
    "text is written in {}: accents are left out": "chữ được viết bằng {}: các dấu bị bỏ",
    "export LANG=C.UTF-8": "export LANG=C.UTF-8",
    "stdout is not a terminal: no colours": "stdout không phải là terminal: không có màu",
    "no colours ({})": "không có màu ({})",
    "colours ({})": "có màu ({})",
    "other mail tools: {}": "các công cụ thư khác: {}",
    "not here, and not needed: {}": "chưa có, và không bắt buộc: {}",
    "apt-get install {}": "apt-get install {}",
    "configuration: {}": "cấu hình: {}",
    "configuration: the default lab": "cấu hình: lab mặc định",
    "the one in force: maillab config": "cấu hình đang dùng: maillab config",
}
