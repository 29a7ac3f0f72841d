"""Errors in Vietnamese: of the system, of filters, rules, sessions, addresses, messages, zones and connections.

English is the key, one row a line; {} stands for a value, in the same order in both languages. A test keeps the rows
true: each is still said by some room.
"""

ERRORS = {
    # of the operating system, as strerror names them
    "Address already in use": "địa chỉ đang có chương trình khác dùng",
    "Cannot assign requested address": "không dùng được địa chỉ này",
    "Connection refused": "kết nối bị từ chối",
    "Connection reset by peer": "bên kia ngắt kết nối đột ngột",
    "Connection timed out": "quá thời gian chờ kết nối",
    "File exists": "tệp đã có",
    "File name too long": "tên tệp quá dài",
    "Is a directory": "đó là một thư mục",
    "No such file or directory": "không có tệp hay thư mục này",
    "No space left on device": "đĩa đã hết chỗ",
    "Not a directory": "đó không phải là thư mục",
    "Operation not permitted": "thao tác không được phép",
    "Permission denied": "không có quyền",
    "Read-only file system": "hệ thống tệp chỉ cho đọc",
    "Too many open files": "mở quá nhiều tệp cùng lúc",
    # filters
    "a filter has at most {} characters": "bộ lọc có nhiều nhất {} ký tự",
    "this ) closes nothing": "dấu ) này không đóng dấu nào",
    "this ( is never closed": "dấu ( này chưa được đóng",
    "this [ is never closed": "dấu [ này chưa được đóng",
    "something to look for is missing here": "ở đây thiếu điều cần tìm",
    "something to look for is missing before this": "trước chỗ này thiếu điều cần tìm",
    "parentheses and negations stand at most {} deep": "dấu ngoặc và phủ định lồng nhau nhiều nhất {} lớp",
    "these quotes are never closed": "dấu nháy này chưa được đóng",
    "this regular expression is never closed by /; a word that begins with / goes in quotes": (
        "biểu thức chính quy này chưa được đóng bằng /; từ bắt đầu bằng / cần đặt trong dấu nháy"
    ),
    "a space belongs here": "ở đây cần một dấu cách",
    "no term is called {}:; is {}: meant? (words with a colon go in quotes)": (
        "không có điều kiện {}:; ý bạn là {}: phải không? (từ có dấu hai chấm thì đặt trong dấu nháy)"
    ),
    "no term is called {}:; there are {} (words with a colon go in quotes)": (
        "không có điều kiện {}:; chỉ có {} (từ có dấu hai chấm thì đặt trong dấu nháy)"
    ),
    "one of {} is expected here": "ở đây cần một trong các từ {}",
    "yes, no or a version is expected here, like 1.3": "ở đây cần yes, no hoặc một phiên bản, như 1.3",
    "a reply code is expected here, like 550, 5xx, +OK, -ERR or NXDOMAIN": (
        "ở đây cần một mã trả lời, như 550, 5xx, +OK, -ERR hoặc NXDOMAIN"
    ),
    "an enhanced code is expected here, like 5.1.1, 5.1.x or 4": "ở đây cần một mã mở rộng, như 5.1.1, 5.1.x hoặc 4",
    "a time since the beginning is expected here, like 1.5s, 200ms or 2min": (
        "ở đây cần thời gian kể từ đầu, như 1.5s, 200ms hoặc 2min"
    ),
    "a pattern has at most {} characters": "mẫu tìm có nhiều nhất {} ký tự",
    "a number in braces is at most {}": "số trong ngoặc nhọn nhiều nhất là {}",
    "{} is not known here: nothing looks ahead or back": "ở đây không có {}: mẫu tìm không nhìn trước hay sau",
    "missing ), unterminated subpattern": "dấu ( này chưa được đóng",
    "unbalanced parenthesis": "dấu ) này không đóng dấu nào",
    "nothing to repeat": "trước chỗ này không có gì để lặp lại",
    "multiple repeat": "lặp lại hai lần; hãy đặt phần trong vào ( )",
    "min repeat greater than max repeat": "số thứ nhất trong {m,n} lớn hơn số thứ hai",
    "bad character range {}": "khoảng {} phải đi từ ký tự nhỏ đến ký tự lớn",
    "bad escape (end of pattern)": "sau dấu \\ cuối cùng không có gì",
    "bad escape {}": "ở đây không có {}",
    "this pattern is too large; smaller numbers in {m,n} help": (
        "mẫu tìm này quá lớn; hãy dùng số nhỏ hơn trong {m,n}"
    ),
    # rules
    "a rule has at most {} characters": "quy tắc có nhiều nhất {} ký tự",
    "a rule begins with at, like this: at rcpt answer 451": "quy tắc bắt đầu bằng at, như sau: at rcpt answer 451",
    "a stage or a command is missing here: accept, tls, rcpt, content, query mx ...": (
        "ở đây thiếu giai đoạn hoặc lệnh: accept, tls, rcpt, content, query mx ..."
    ),
    "an effect is missing here: {}": "ở đây thiếu tác động: {}",
    "no stage and no command is called {}; is {} meant?": (
        "không có giai đoạn hay lệnh nào tên {}; ý bạn là {} phải không?"
    ),
    "no stage and no command is called {}; there are {}": "không có giai đoạn hay lệnh nào tên {}; chỉ có {}",
    "no command is called {}; is {} meant?": "không có lệnh nào tên {}; ý bạn là {} phải không?",
    "no command is called {}; there are {}": "không có lệnh nào tên {}; chỉ có {}",
    "no condition is called {}; is {} meant?": "không có điều kiện nào tên {}; ý bạn là {} phải không?",
    "no condition is called {}; there are {}": "không có điều kiện nào tên {}; chỉ có {}",
    "no effect is called {}; is {} meant?": "không có tác động nào tên {}; ý bạn là {} phải không?",
    "no effect is called {}; there are {}": "không có tác động nào tên {}; chỉ có {}",
    "no option is called {}; is {} meant?": "không có tuỳ chọn nào tên {}; ý bạn là {} phải không?",
    "no option is called {}; there are {}": "không có tuỳ chọn nào tên {}; chỉ có {}",
    "{}: is {} or {}": "{}: là {} hoặc {}",
    "a time is expected here, like 3s or 200ms": "ở đây cần một khoảng thời gian, như 3s hoặc 200ms",
    "octets a second are expected here, like 100/s": "ở đây cần số byte mỗi giây, như 100/s",
    "a number of octets is expected here": "ở đây cần một số byte",
    "a number is expected here": "ở đây cần một số",
    "per cent are expected here, like 30%": "ở đây cần số phần trăm, như 30%",
    "that is too little": "như vậy là quá ít",
    "that is too much": "như vậy là quá nhiều",
    "the text that is said instead is expected here, in quotes": "ở đây cần câu nói thay vào đó, trong dấu nháy",
    "quotes stand around the whole pattern": "dấu nháy bao quanh cả mẫu",
    "a space belongs behind the quotes": "sau dấu nháy cần một dấu cách",
    "a rule answers 400 to 599, -ERR or an RCODE: what was not done is never confirmed": (
        "quy tắc trả lời 400 đến 599, -ERR hoặc một RCODE: việc chưa làm thì không được xác nhận"
    ),
    "a code is missing here: 400 to 599, -ERR or an RCODE like SERVFAIL": (
        "ở đây thiếu mã: 400 đến 599, -ERR hoặc một RCODE như SERVFAIL"
    ),
    "a code like {} is expected here (RFC 3463)": "ở đây cần một mã như {} (RFC 3463)",
    "one printable line of at most {} octets is expected here": "ở đây cần một dòng in được, dài nhất {} byte",
    "{} stands here twice": "{} xuất hiện hai lần",
    "{} has no stage {}; it has {}": "{} không có giai đoạn {}; chỉ có {}",
    "{} has no {}; it has {}": "{} không có {}; chỉ có {}",
    "{}: is not known in {}; known are {}": "{}: không biết được trong {}; chỉ biết {}",
    "code: is known of answers only; write: at answer to ...": (
        "code: chỉ biết ở câu trả lời; hãy viết: at answer to ..."
    ),
    "an answer of {} is written like this: {}": "câu trả lời của {} viết như sau: {}",
    "an answer is replaced by one line": "câu trả lời được thay bằng một dòng",
    "while TLS begins nothing is said: drop, reset, delay and stall are possible": (
        "khi TLS bắt đầu thì không ai nói gì: chỉ có thể drop, reset, delay và stall"
    ),
    "content is heard, not said: throttle, delay and truncate are possible": (
        "nội dung thư là điều nghe được, không phải nói ra: có thể throttle, delay và truncate"
    ),
    "what is stored is what was sent: a changed message would be a lost one": (
        "lưu đúng những gì đã gửi: thư bị sửa cũng là thư bị mất"
    ),
    "nothing was asked yet: drop, reset, delay and stall are possible": (
        "chưa ai hỏi gì: chỉ có thể drop, reset, delay và stall"
    ),
    "a rule cannot say that this was done: it may not have been, and a message would be lost": (
        "quy tắc không được nói rằng việc này đã làm: có thể nó chưa làm, và thư sẽ mất"
    ),
    "content follows after this answer, and would be taken for commands; write: at data answer 451": (
        "sau câu trả lời này là nội dung thư, nó sẽ bị coi là lệnh; hãy viết: at data answer 451"
    ),
    "TLS begins after this answer; a rule for the command itself can refuse it": (
        "sau câu trả lời này TLS bắt đầu; quy tắc cho chính lệnh đó có thể từ chối"
    ),
    "this rule stands under {}": "quy tắc này đặt trong {}",
    "no site is called {}; there are {}": "không có site nào tên {}; chỉ có {}",
    # sessions
    "line {}: {}": "dòng {}: {}",
    "not a maillab session": "không phải là phiên của maillab",
    "line 1: not a maillab session: the file is empty": "dòng 1: không phải là phiên của maillab: tệp trống",
    "a newer maillab wrote this: version {}; this one reads up to {}": (
        "một bản maillab mới hơn đã ghi tệp này: phiên bản {}; bản này đọc được tới {}"
    ),
    "text that cannot be read": "có chữ không đọc được",
    "octets that cannot be read": "có byte không đọc được",
    "a key stands there twice": "một khoá xuất hiện hai lần",
    "entry {} comes after entry {}": "mục {} lại đứng sau mục {}",
    "the content of entry {} does not go on": "nội dung của mục {} bị ngắt giữa chừng",
    "{} is not a plain file": "{} không phải là tệp thường",
    "not packed by gzip, or damaged: {}": "không phải tệp nén gzip, hoặc tệp bị lỗi: {}",
    "packed more than a hundredfold: unpack it with gunzip and look at it first": (
        "nén hơn một trăm lần: hãy giải nén bằng gunzip và xem trước đã"
    ),
    "{} is no moment: write 12, 1.5s, 2:30 or the name of a mark": (
        "{} không phải là thời điểm: hãy viết 12, 1.5s, 2:30 hoặc tên một dấu"
    ),
    "{} is too far away": "{} quá xa",
    "no talk of SMTP or POP3 is called {}": "không có hội thoại SMTP hay POP3 nào tên {}",
    "no talk of SMTP or POP3 is here": "ở đây không có hội thoại SMTP hay POP3 nào",
    "{} is a talk with a name server: only SMTP and POP3 can be said again": (
        "{} là hội thoại với máy chủ tên: chỉ nói lại được SMTP và POP3"
    ),
    # addresses and messages
    "Bad address: {}": "địa chỉ sai: {}",
    "Address not allowed: {}": "không dùng được địa chỉ này: {}",
    "an address is written local-part@domain": "địa chỉ được viết là phần-tên@tên-miền",
    "local part is neither words joined by dots nor a quoted string": (
        "phần tên phải là các từ nối bằng dấu chấm, hoặc một chuỗi trong ngoặc kép"
    ),
    "domain is not made of letters, digits and hyphens": "tên miền chỉ gồm chữ cái, chữ số và dấu gạch nối",
    "address literal is not [a.b.c.d] or [IPv6:...]": "địa chỉ IP phải viết là [a.b.c.d] hoặc [IPv6:...]",
    "domain is not a valid internationalised name (RFC 5891)": "tên miền quốc tế hoá không hợp lệ (RFC 5891)",
    "control character in an address": "có ký tự điều khiển trong địa chỉ",
    "encoded word in an address; envelopes are never decoded": (
        "có từ mã hoá =?…?= trong địa chỉ; phong bì không bao giờ được giải mã"
    ),
    "path longer than 256 octets": "đường dài hơn 256 byte",
    "domain longer than 255 octets": "tên miền dài hơn 255 byte",
    "{} can only be reached through a server that offers SMTPUTF8": ("chỉ gửi tới {} được qua máy chủ có SMTPUTF8"),
    "To: a message needs somebody to go to": "To: hãy thêm ít nhất một người nhận",
    "{} is written from the message itself": "{} được viết từ chính lá thư",
    # connections
    "No connection to {} port {} in time": "không kết nối kịp tới {} cổng {}",
    "No connection to {} port {}: {}": "không kết nối được tới {} cổng {}: {}",
    "Connection lost: {}": "mất kết nối: {}",
    "no password is sent without TLS": "không gửi mật khẩu khi không có TLS",
    "the connection ended in the handshake": "kết nối bị ngắt lúc bắt tay",
    # running labs
    # stories
    "to {} the server said {}, not {}": "với {} máy chủ đáp {}, không phải {}",
    "{} fetched {} messages, not {}": "{} tải về {} lá thư, không phải {}",
    "{} has fetched no message to answer": "{} chưa tải lá thư nào để trả lời",
    "{} {} did not happen in time": "{} {} không xảy ra kịp lúc",
    # zones
    "class {} is not served; leave it out or write IN": "không phục vụ lớp {}; hãy bỏ nó hoặc viết IN",
    "the first record names no owner; begin the line with a name or with @": (
        "bản ghi đầu tiên không nêu tên; hãy bắt đầu dòng bằng một tên hoặc @"
    ),
    "no type; a record is written: name, type, data": "thiếu loại; bản ghi được viết: tên, loại, dữ liệu",
    "type {} is not known here; known are {}": "ở đây không có loại {}; có các loại {}",
    "CNAME stands alone, and {} has other records": "CNAME phải đứng một mình, mà {} có bản ghi khác",
    "{} is outside the zone": "{} nằm ngoài vùng",
    "SOA belongs at the top of the zone only": "SOA chỉ đứng ở đỉnh của vùng",
    "no {} at the top; add: {}": "ở đỉnh vùng không có {}; hãy thêm: {}",
}
