"""What the mail program of a person says in Vietnamese; English is the key."""

VIETNAMESE = {
    # of a message that is not as it should be
    "more than one Content-Type: the first counts": "nhiều hơn một Content-Type: dòng đầu tiên được dùng",
    "more than {} parts: the rest is not shown": "nhiều hơn {} phần: những phần còn lại không hiện",
    "too many possible boundaries: the rest is not shown": "quá nhiều dòng giống boundary: phần còn lại không hiện",
    "a multipart without its boundary, or too deep: shown as text": "một multipart không có boundary, hoặc lồng quá sâu: hiện như văn bản",
    "a multipart without its end": "một multipart không có dòng kết thúc",
    "more than {} header fields: the rest is not shown": "nhiều hơn {} trường đầu thư: phần còn lại không hiện",
    "an mbox line before the header, which is no part of the message": "một dòng mbox đứng trước đầu thư, không thuộc về thư",
    "a line in the header that is no field: {}": "một dòng trong đầu thư không phải là trường: {}",
    "no blank line between header and text: the text begins at the first line that is no field": "không có dòng trống giữa đầu thư và thân thư: thân thư bắt đầu ở dòng đầu tiên không phải là trường",
    "a header section without end: cut": "đầu thư không có chỗ kết thúc: đã cắt",
    "an attachment with several names: the first counts": "một tệp đính kèm có nhiều tên: tên đầu tiên được dùng",
    "more than {} bytes of text: the rest is not shown": "nhiều hơn {} byte văn bản: phần còn lại không hiện",
    "text that is not in the character set it names ({})": "văn bản không viết bằng bảng mã mà nó ghi ({})",
    "a character set that is not known ({}): what it most probably is was guessed": "bảng mã không biết ({}): đã đoán bảng mã có khả năng nhất",
    "8-bit text that names no character set: which one it is was guessed": "văn bản 8 bit không ghi bảng mã: đã đoán bảng mã",
    "unknown transfer encoding {}": "không biết cách biểu diễn này (Content-Transfer-Encoding): {}",
    "base64 that goes on after its end: all of it is shown": "base64 còn tiếp tục sau chỗ kết thúc: hiện tất cả",
    "named, but no address that mail can go to: {}": "được ghi nhưng không phải địa chỉ gửi thư được: {}",
    "the page hides all its words from readers: they are shown here": "trang HTML giấu mọi chữ khỏi người đọc: chữ được hiện ở đây",
    "the page has no words, only pictures or nothing": "trang HTML không có chữ, chỉ có hình hoặc trống",
    "HTML that is nested too deep: its form is not kept": "HTML lồng quá sâu: không giữ được dạng trình bày",
    # typing by hand
    "there is no .{} here; these are: .auth .b64 .mark .help .quit": "không có .{}; chỉ có: .auth .b64 .mark .help .quit",
    "write it .auth USER PASSWORD": "hãy viết .auth USER PASSWORD",
    "write it .mark NAME": "hãy viết .mark NAME",
    "write it .b64 TEXT": "hãy viết .b64 TEXT",
    "the server sends a line of more than {} bytes: hung up": "máy chủ gửi một dòng dài hơn {} byte: đã ngắt kết nối",
    "the server sends a reply of more than {} bytes: hung up": "máy chủ gửi câu trả lời dài hơn {} byte: đã ngắt kết nối",
    "{}: the server takes the first dot of this line away; type two to keep one": "{}: máy chủ bỏ dấu chấm đầu của dòng này; gõ hai dấu chấm để giữ một",
    """\
What you type is sent, with CR LF at its end; the answer is explained beside it. In a message's content (after DATA)
every line is content, until a line that holds only a dot; type two dots where a line should begin with one.
  .auth USER PASSWORD   log in: sends AUTH PLAIN with both in base64
  .b64 TEXT             sends TEXT in base64, as AUTH LOGIN asks for it
  .mark NAME            gives this moment a name in the session that is recorded
  .help                 this text
  .quit                 hang up at once; QUIT is the polite way""": """\
Dòng bạn gõ được gửi đi, thêm CR LF ở cuối; lời giải thích đứng cạnh câu trả lời. Trong nội dung thư (sau DATA) mọi
dòng đều là nội dung, cho đến dòng chỉ có một dấu chấm; gõ hai dấu chấm nếu dòng phải bắt đầu bằng dấu chấm.
  .auth USER PASSWORD   đăng nhập: gửi AUTH PLAIN với cả hai ở dạng base64
  .b64 TEXT             gửi TEXT ở dạng base64, như AUTH LOGIN yêu cầu
  .mark NAME            đặt tên cho lúc này trong phiên đang được ghi
  .help                 chữ này
  .quit                 ngắt ngay; QUIT là cách lịch sự""",
}
