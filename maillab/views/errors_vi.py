"""Errors in Vietnamese: of the operating system, of filters, sessions, addresses, messages, zones and connections.

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
