"""What the mail program of a person says in Vietnamese; English is the key."""

VIETNAMESE = {
    # of a message that is not as it should be
    "more than one Content-Type: the first counts": "nhiều hơn một Content-Type: dòng đầu tiên được dùng",
    "more than {} parts: the rest is not shown": "nhiều hơn {} phần: những phần còn lại không hiện",
    "too many possible boundaries: the rest is not shown": "quá nhiều dòng giống boundary: phần còn lại không hiện",
    "a multipart without its boundary, or too deep: shown as text": "một multipart không có boundary, hoặc lồng quá sâu: hiện như văn bản",
    "a multipart without its end": "một multipart không có dòng kết thúc",
    "more than {} header fields: the rest is not shown": "nhiều hơn {} trường đầu thư: phần còn lại không hiện",
    "an mbox line before the header; it is not part of the message": "một dòng mbox đứng trước đầu thư, không thuộc về thư",
    "a header line that is not a field: {}": "một dòng trong đầu thư không phải là trường: {}",
    "no blank line between header and text: the text begins at the first line that is not a field": "không có dòng trống giữa đầu thư và thân thư: thân thư bắt đầu ở dòng đầu tiên không phải là trường",
    "a header without an end: cut": "đầu thư không có chỗ kết thúc: đã cắt",
    "an attachment with several names: the first counts": "một tệp đính kèm có nhiều tên: tên đầu tiên được dùng",
    "more than {} bytes of text: the rest is not shown": "nhiều hơn {} byte văn bản: phần còn lại không hiện",
    "text that is not in the character set it names ({})": "văn bản không viết bằng bảng mã mà nó ghi ({})",
    "unknown character set ({}): the most likely one was guessed": "bảng mã không biết ({}): đã đoán bảng mã có khả năng nhất",
    "8-bit text without a character set: it was guessed": "văn bản 8 bit không ghi bảng mã: đã đoán bảng mã",
    "unknown transfer encoding {}": "không biết cách biểu diễn này (Content-Transfer-Encoding): {}",
    "base64 that continues after its end: all of it is shown": "base64 còn tiếp tục sau chỗ kết thúc: hiện tất cả",
    "not a valid mail address: {}": "được ghi nhưng không phải địa chỉ gửi thư được: {}",
    "the page hides all its words from readers: they are shown here": "trang HTML giấu mọi chữ khỏi người đọc: chữ được hiện ở đây",
    "the page has no words, only pictures or nothing": "trang HTML không có chữ, chỉ có hình hoặc trống",
    "HTML of more than {} elements: the rest is not shown": "HTML có hơn {} phần tử: phần còn lại không hiện",
    "HTML nested too deep: its layout is lost": "HTML lồng quá sâu: không giữ được dạng trình bày",
    # typing by hand
    "there is no .{} here; these are: .auth .b64 .mark .help .quit": "không có .{}; chỉ có: .auth .b64 .mark .help .quit",
    "usage: .auth USER PASSWORD": "hãy viết .auth USER PASSWORD",
    "usage: .mark NAME": "hãy viết .mark NAME",
    "usage: .b64 TEXT": "hãy viết .b64 TEXT",
    "the server sends a line of more than {} bytes: hung up": "máy chủ gửi một dòng dài hơn {} byte: đã ngắt kết nối",
    "the server sends a reply of more than {} bytes: hung up": "máy chủ gửi câu trả lời dài hơn {} byte: đã ngắt kết nối",
    "{}: the server removes the first dot of this line; type two to keep one": "{}: máy chủ bỏ dấu chấm đầu của dòng này; gõ hai dấu chấm để giữ một",
    """\
Each line is sent exactly as you type it, plus CR LF.
After DATA type the message; a line with only a
dot ends it. Type two dots to begin a line with one.
.auth USER PASS  log in (AUTH PLAIN)
.b64 TEXT        send TEXT in base64
.mark NAME       name this moment
.help            this text
.quit            hang up without QUIT""": """\
Mỗi dòng được gửi đúng như bạn gõ, kèm CR LF.
Sau DATA, hãy gõ nội dung thư; dòng chỉ có dấu
chấm kết thúc thư. Dòng bắt đầu bằng dấu chấm
thì gõ hai dấu chấm.
.auth USER PASS  đăng nhập (AUTH PLAIN)
.b64 TEXT        gửi TEXT ở dạng base64
.mark NAME       đặt tên cho lúc này
.help            trợ giúp này
.quit            ngắt mà không QUIT""",
    """\
Each line is sent as you type it, plus CR LF. A
command needs a tag: a1, a2... is put before it
if you type none. {5} at the end announces 5
bytes: type them after the +. DONE ends IDLE.
.auth USER PASS  log in (AUTHENTICATE PLAIN)
.b64 TEXT        send TEXT in base64
.mark NAME       name this moment
.help            this text
.quit            hang up without LOGOUT""": """\
Mỗi dòng được gửi đúng như bạn gõ, kèm CR LF.
Lệnh cần một nhãn: nếu bạn không gõ nhãn thì
a1, a2... được đặt vào trước. {5} ở cuối dòng
báo trước 5 byte: gõ chúng sau dấu +. DONE kết
thúc IDLE.
.auth USER PASS  đăng nhập (AUTHENTICATE PLAIN)
.b64 TEXT        gửi TEXT ở dạng base64
.mark NAME       đặt tên cho lúc này
.help            trợ giúp này
.quit            ngắt mà không LOGOUT""",
}
