"""The help of the command line in Vietnamese: HELP holds our own texts, ARGPARSE those of argparse; English is the key.

A text of several lines is looked up as if it were one line, then line by line. A test keeps both tables complete.
"""

from maillab.recording.export import FORMATS
from maillab.recording.export.vietnamese import VIETNAMESE

HELP = {
    # the program
    "A mail laboratory: the whole journey of a message on one computer, every line shown.": "Phòng thí nghiệm thư điện tử: trọn hành trình của một lá thư trên một máy tính, từng dòng đều hiện ra.",
    "Exit codes: 0 done; 1 negative result; 2 usage or configuration; 3 cannot bind or connect; 4 time-out; 130 Ctrl-C; send uses 21 to 29 for the stage at which a message was stopped.": "Mã thoát: 0 xong; 1 kết quả là không; 2 sai cách dùng hoặc cấu hình; 3 không mở được cổng hoặc không kết nối được; 4 quá thời gian; 130 Ctrl-C; send dùng 21 đến 29 cho bước mà lá thư bị dừng lại.",
    "show program's version number and exit": "hiện phiên bản của chương trình rồi thoát",
    "the window (without a command)": "cửa sổ (khi không có lệnh)",
    "commands": "các lệnh",
    # the commands
    "tell a story of a message, offline, every line explained": "kể câu chuyện của một lá thư, không cần mạng, giải thích từng dòng",
    "run the lab: all its servers, and the live transcript": "chạy lab: mọi máy chủ, và bản ghi trực tiếp",
    "send one message and show the conversation": "gửi một lá thư và hiện mọi điều được nói",
    "a saved message, decoded: .eml, mbox or Maildir": "một lá thư đã lưu, được giải mã: .eml, mbox hoặc Maildir",
    "Show saved messages as the window would: decoded, HTML as text, links and files listed. Nothing in them is run, fetched or followed.": "Hiện thư đã lưu như cửa sổ hiện: đã giải mã, HTML thành văn bản, liệt kê liên kết và tệp. Không gì trong thư được chạy, tải về hay mở ra.",
    "saved messages as they are, one after the other: .eml, mbox, Maildir; may be repeated": "các lá thư đã lưu, giữ nguyên, lần lượt từng lá: .eml, mbox, Maildir; có thể lặp lại",
    "a message (.eml), an mbox, a Maildir or a folder of them; - reads stdin": "một lá thư (.eml), một mbox, một Maildir hoặc một thư mục chứa chúng; - đọc stdin",
    "type SMTP, POP3 or IMAP by hand, each reply explained": "tự tay gõ SMTP, POP3 hoặc IMAP, mỗi câu trả lời được giải thích",
    "a saved session: look at it again, or do it again": "một phiên đã lưu: xem lại, hoặc làm lại",
    "a saved session as text, JSON, Markdown, HTML, Mermaid, pcapng...": "một phiên đã lưu dưới dạng văn bản, JSON, Markdown, HTML, Mermaid, pcapng...",
    "compare two saved sessions": "so sánh hai phiên đã lưu",
    "what a word, a command, a reply code or a port means": "một từ, một lệnh, một mã trả lời, một cổng nghĩa là gì",
    "does this computer have what the lab needs?": "máy này có đủ những gì lab cần không?",
    "where the lab keeps its files": "lab để các tệp của nó ở đâu",
    "the configuration in force, and where it comes from": "cấu hình đang dùng, và nó từ đâu ra",
    "the completion script for a shell": "tập lệnh tự hoàn tất cho shell",
    # options of several commands
    "the lab folder (default: see `maillab locate`)": "thư mục của lab (mặc định: xem `maillab locate`)",
    "a temporary lab folder, removed at the end": "dùng thư mục lab tạm, xoá khi kết thúc",
    "a set of settings: classroom (the default), app (accepts mail for every address), strict or hcmus": "một bộ thiết lập: classroom (mặc định), app (nhận thư cho mọi địa chỉ), strict (nghiêm ngặt) hoặc hcmus",
    "run each site in a process of its own, so that a load uses more than one processor; without the HTTP door and without rules": "chạy mỗi site trong một tiến trình riêng, để tải lớn dùng được nhiều hơn một bộ xử lý; không có cửa HTTP và không có quy tắc",
    "let programs ask over HTTP what has come, by Mailpit's API (PORT: 8025 if not given; 0: a free one; -1: none)": "cho chương trình hỏi qua HTTP xem thư nào đã đến, bằng API của Mailpit (PORT: mặc định 8025; 0: một cổng trống; -1: không mở)",
    "show the window in a browser instead, to whoever has the token that is printed (PORT: 8026 if not given; 0: a free one); needs maillab[terminal-web]": "hiện cửa sổ trong trình duyệt, cho ai có token được in ra (PORT: mặc định 8026; 0: một cổng trống); cần maillab[terminal-web]",
    "let other computers ask over HTTP, at this address of this computer (0.0.0.0: all); whoever asks needs a token. Mail stays on 127.0.0.1": "cho máy khác hỏi qua HTTP, tại địa chỉ này của máy (0.0.0.0: mọi địa chỉ); ai hỏi cũng cần token. Thư vẫn chỉ ở 127.0.0.1",
    "the token that whoever asks over HTTP must have (default: one is made and printed; `serve` at 127.0.0.1 asks for none); better as MAILLAB_HTTP_TOKEN, which no list of processes shows": "điều mà ai hỏi qua HTTP phải biết (mặc định: tạo và in ra một token; riêng `serve` ở 127.0.0.1 thì không hỏi); nên đặt bằng MAILLAB_HTTP_TOKEN, danh sách tiến trình không cho thấy",
    "take mail for every domain, and catch it in a mailbox of the lab": "nhận thư gửi đến mọi tên miền và giữ trong một hộp thư của lab",
    "inject a fault: 'at rcpt to:bob* answer 451 times 2'; again for more (see `maillab help rules`)": "gây nhiễu: 'at rcpt to:bob* answer 451 times 2'; lặp lại để thêm (xem `maillab help rules`)",
    "auto: take free ports and print them": "auto: lấy các cổng còn trống và in chúng ra",
    "a configuration file (TOML)": "tệp cấu hình (TOML)",
    "the language of all output (default: MAILLAB_LANG, then LC_ALL, LC_MESSAGES, LANG)": "ngôn ngữ của mọi lời nói ra (mặc định: MAILLAB_LANG, rồi LC_ALL, LC_MESSAGES, LANG)",
    "save the session in FILE (packed if it ends with .gz), for maillab replay": "lưu phiên vào FILE (nén nếu tên kết thúc bằng .gz), để xem lại bằng maillab replay",
    "replace the file of --record if it is there": "thay tệp của --record nếu nó đã có",
    "the colours of the window: dark, light, ansi-dark, ansi-light, nord … (default: what fits the terminal)": (
        "màu của cửa sổ: dark, light, ansi-dark, ansi-light, nord … (mặc định: hợp với terminal)"
    ),
    "leave the mouse to the terminal": "để chuột cho terminal dùng",
    "draw with ASCII alone": "chỉ vẽ bằng ASCII",
    "one JSON object a line": "mỗi dòng một đối tượng JSON",
    "explain each word once, fold the lists of servers (default on a terminal)": "mỗi từ chỉ giải thích một lần, gấp các danh sách của máy chủ (mặc định trên terminal)",
    "explain every line, fold nothing (default in a pipe)": "giải thích mọi dòng, không gấp gì (mặc định khi nối ống)",
    "lines of each message that are shown, what is left out is counted (default: 20)": "số dòng của mỗi lá thư được hiện, phần bỏ qua được đếm (mặc định: 20)",
    "how speakers are marked": "cách đánh dấu bên nào đang nói",
    "explain each line": "giải thích từng dòng",
    "the password (visible to anybody who runs ps); as the last option without a value: asks for it": "mật khẩu, ai chạy ps cũng thấy; đứng một mình, ở cuối: lệnh sẽ hỏi",
    "the first line of FILE is the password": "dòng đầu của FILE là mật khẩu",
    "print one JSON array": "in một mảng JSON",
    "one JSON object": "một đối tượng JSON",
    "as JSON": "dưới dạng JSON",
    # demo
    "Tell a story on real sockets of this computer; no network is needed. See `maillab demo --list`.": "Kể một câu chuyện trên socket thật của máy này; không cần mạng. Xem `maillab demo --list`.",
    "the window (on a terminal, unless something above asks for print)": "cửa sổ (trên terminal, trừ khi có tuỳ chọn ở trên yêu cầu in ra)",
    "default: seven-steps": "mặc định: seven-steps",
    "list the stories": "liệt kê các câu chuyện",
    "print it, also where a window could tell it": "in ra, kể cả khi có thể kể trong cửa sổ",
    "1: reading speed; 0: at once (default in a pipe)": "1: tốc độ đọc; 0: ra hết ngay (mặc định khi qua ống dẫn)",
    "without the explanation beside each line": "không kèm lời giải thích bên mỗi dòng",
    # serve
    "Run every server of the lab on loopback. Prints services and accounts, then every conversation. With --record, a line that you type is a mark: a name for the moment, for replay --from NAME and the filter mark:NAME.": "Chạy mọi máy chủ của lab trên loopback. In ra các cổng và tài khoản, rồi mọi điều được nói. Với --record, một dòng bạn gõ sẽ đặt tên cho lúc đó: một dấu, để dùng với replay --from TÊN và bộ lọc mark:TÊN.",
    "one JSON object a line: first the services, then each entry": "mỗi dòng một đối tượng JSON: trước hết là các dịch vụ, rồi từng mục",
    "show passwords, also where the output is no terminal": "hiện mật khẩu, cả khi đầu ra không phải là terminal",
    "print what matches only: leg:relay; --filter help tells how": "chỉ in những gì khớp: leg:relay; --filter help nói cách viết",
    "print the services and accounts, not the transcript": "in các dịch vụ và tài khoản, không in bản ghi",
    # send
    "Send one message and print the whole transcript.": "Gửi một lá thư và in toàn bộ bản ghi.",
    "Without --server the message goes through a lab: the one that runs already in the lab folder, or else one that is "
    "started for it on free ports and ends with it. Exit codes, as in swaks where it has one: "
    "0 sent, and in a lab of its own also delivered 1 taken, but a recipient failed, was refused or must wait "
    "2 usage, configuration or a file 3 no connection, or a port or folder is taken "
    "4 time-out 21 no greeting 22 EHLO refused 23 MAIL refused "
    "24 no recipient accepted 25 DATA refused 26 message refused after its content "
    "28 AUTH failed 29 TLS failed 130 Ctrl-C": """\
Nếu không có --server, thư đi qua một lab: lab đang chạy trong thư mục của lab, hoặc một lab được
khởi động riêng cho nó trên các cổng trống và kết thúc cùng nó. Mã thoát, theo swaks nếu swaks có:
  0 đã gửi, trong lab riêng thì cũng đã phát   1 đã nhận, nhưng có người nhận thất bại hoặc phải chờ
  2 cách dùng, cấu hình hoặc tệp               3 không kết nối được, hoặc cổng hay thư mục đang bị giữ
  4 quá thời gian                              21 không có lời chào
  22 EHLO bị từ chối                           23 MAIL bị từ chối
  24 không người nhận nào được chấp nhận       25 DATA bị từ chối
  26 thư bị từ chối sau nội dung               28 AUTH thất bại
  29 TLS thất bại                              130 Ctrl-C
""",
    "the message": "lá thư",
    "the server": "máy chủ",
    "what is shown": "hiện những gì",
    'the sender: an address, "Name <address>", or <>': 'người gửi: một địa chỉ, "Tên <địa chỉ>", hoặc <>',
    "a recipient, or several with commas; may be repeated": "một người nhận, hoặc vài người cách nhau bằng dấu phẩy; có thể lặp lại",
    "gets a copy, visible to everybody": "ai nhận bản sao, và mọi người đều thấy",
    "gets a copy, visible to nobody": "ai nhận bản sao, và không ai thấy",
    "the subject": "chủ đề",
    "the text; - reads stdin, as does a pipe": "nội dung; - là đọc từ stdin, qua ống dẫn cũng vậy",
    "the text from a file (UTF-8)": "nội dung lấy từ tệp (UTF-8)",
    "the same text as HTML": "cùng nội dung đó cho người xem HTML",
    "a file to go along; may be repeated": "tệp đính kèm; có thể lặp lại",
    'a further field, "Name: value"': 'thêm một trường đầu thư, "Tên: giá trị"',
    "a whole message (.eml) as it is; - reads stdin": "cả một lá thư (.eml) đúng như nó có; - là đọc từ stdin",
    "ask for reports: never, or some of success,failure,delay (DSN)": "xin báo cáo: never, hoặc vài trong số success,failure,delay (DSN)",
    "what of the message a report brings back (DSN)": "báo cáo mang về phần nào của lá thư (DSN)",
    "a name for the message that reports repeat (DSN)": "tên của lá thư, được nhắc lại trong báo cáo (DSN)",
    "connect to this server and to nothing else": "chỉ nói chuyện với máy chủ này",
    "who logs in (in a lab: the sender, by itself)": "ai đăng nhập (trong lab: tự động là người gửi)",
    "how the connection is encrypted": "mã hoá cuộc hội thoại bằng cách nào",
    "a certificate to trust (of the lab: see maillab locate)": "chứng chỉ được tin (của lab: xem maillab locate)",
    "trust any certificate": "tin mọi chứng chỉ",
    "say the password without TLS too": "gửi mật khẩu cả khi không có TLS",
    "allow a server that is not this computer": "cho phép máy chủ không nằm trên máy này",
    "seconds for each answer, and for the delivery": "số giây chờ mỗi câu trả lời, và chờ thư được phát",
    "one JSON object a line: each entry, then the result": "mỗi dòng một đối tượng JSON: từng mục, rồi kết quả",
    "then let the recipients fetch it by POP3 and show it": "rồi cho người nhận tải thư về bằng POP3 và hiện nó ra",
    # talk
    "Type a protocol by hand; type .help for what the console itself can do.": "Tự tay gõ một giao thức; gõ .help để biết bản thân bảng gõ làm được gì.",
    "WHERE is a site of the lab (smtp: the first one, pop3 and imap: the second, when left out) or HOST:PORT. A lab that runs "
    "already is used, else one is started and stopped with it. STARTTLS and STLS work: the handshake is "
    "done for you. Lines may come from a pipe; each waits for the answer to the one before: "
    "printf 'EHLO me.test\\nQUIT\\n' | maillab talk smtp "
    "Exit codes: 0 QUIT or end of input; 1 the server hung up; 2 usage; 3 no connection; 4 no answer; 130 Ctrl-C.": """\
WHERE là một site của lab (bỏ trống thì smtp: site đầu tiên, pop3 và imap: site thứ hai) hoặc HOST:PORT.
Nếu có lab đang chạy thì dùng lab đó, nếu không thì một lab được khởi động riêng cho cuộc hội thoại
và kết thúc cùng nó. Dùng được STARTTLS và STLS: phần bắt tay được làm thay bạn. Có thể đưa các dòng
vào qua ống dẫn; mỗi dòng chờ câu trả lời của dòng trước:
  printf 'EHLO me.test\\nQUIT\\n' | maillab talk smtp
Mã thoát: 0 QUIT hoặc hết dữ liệu vào; 1 máy chủ ngắt; 2 sai cách dùng; 3 không kết nối được;
4 không có câu trả lời; 130 Ctrl-C.
""",
    "smtp or pop3 or imap": "smtp hoặc pop3 hoặc imap",
    "a site of the lab, or HOST:PORT": "một site của lab, hoặc HOST:PORT",
    "which service of the site (default: smtp, pop3, imap)": "dịch vụ nào của site (mặc định: smtp, pop3, imap)",
    "implicit: TLS before the first word (HOST:PORT)": "implicit: TLS ngay từ đầu (HOST:PORT)",
    "seconds to wait for each answer": "số giây chờ mỗi câu trả lời",
    "one JSON object a line: side, line, gloss": "mỗi dòng một đối tượng JSON: side, line, gloss",
    # env, ready, wait, assert
    "the settings that point a program at the running lab": "các thiết đặt để một chương trình dùng lab đang chạy",
    'Print variables, settings or a command for the running lab, with ports, login and certificate as they are. For a shell: eval "$(maillab env)"': 'In ra các biến, thiết đặt hoặc một lệnh để dùng lab đang chạy, với cổng, tài khoản và chứng chỉ đúng như hiện có. Với shell: eval "$(maillab env)"',
    "the program (default: shell)": "chương trình nào (mặc định: shell)",
    "smtp is port 25, for programs (default); submission has STARTTLS and a login, submissions TLS at once; with pop3, pop3s, imap and imaps messages are read": "smtp là cổng 25, cho các chương trình (mặc định); submission có STARTTLS và đăng nhập, submissions có TLS ngay; pop3, pop3s, imap và imaps là để đọc thư",
    "the site whose server it is (default: the first; to read, the second)": "máy chủ của site nào (mặc định: site đầu tiên; để đọc thư thì site thứ hai)",
    "the values as one JSON object": "các giá trị thành một đối tượng JSON",
    "does a lab run, with its ports open? The exit code says it": "có lab nào đang chạy và đã mở các cổng không? Mã thoát cho biết",
    "Exit code 0 when a lab runs in the folder and has opened its ports, 1 when not, 4 when it has not within --timeout. No port is tried, so the transcript shows nothing of this.": "Mã thoát 0 khi có lab chạy trong thư mục và đã mở các cổng, 1 khi không, 4 khi quá --timeout mà vẫn chưa. Không cổng nào bị gọi thử, nên bản ghi không có dòng nào về việc này.",
    "wait for it so long: 10s, 500ms, 2min": "chờ nó chừng ấy thời gian: 10s, 500ms, 2min",
    "print its process, folder and services as one JSON object": "in tiến trình, thư mục và các dịch vụ của nó thành một đối tượng JSON",
    "until the running lab has a message, and print it": "chờ đến khi lab đang chạy có một lá thư, rồi in nó ra",
    "Wait until so many messages that the query means lie in the mailboxes of the running lab, those that came before included, and print the newest in one line; --text shows it decoded. Exit code 1 when --code or --links finds nothing in them, 3 when no lab runs, 4 when time is over.": "Chờ đến khi các hộp thư của lab đang chạy có đủ số thư khớp với câu hỏi, kể cả thư đã đến từ trước, rồi in những thư mới nhất, mỗi thư một dòng; --text cho xem thư đã giải mã. Mã thoát 1 khi --code hoặc --links không thấy gì trong thư, 3 khi không có lab nào chạy, 4 khi hết thời gian.",
    "which messages: to:bob subject:hi; from:, to:, subject:, header:, body: and words of the filter language": "những thư nào: to:bob subject:hi; from:, to:, subject:, header:, body: và các từ, như trong ngôn ngữ bộ lọc",
    "so many messages (default: 1)": "số lá thư (mặc định: 1)",
    "at most so long: 10s, 500ms, 2min (default: 10s)": "lâu nhất chừng ấy: 10s, 500ms, 2min (mặc định: 10s)",
    "one JSON object a line for each message": "mỗi lá thư là một đối tượng JSON trên một dòng",
    "each message decoded, as maillab read shows it": "mỗi lá thư đã giải mã, như maillab read cho xem",
    "the bytes of each message": "nguyên văn từng byte của các lá thư",
    "the one-time code in its text": "mã dùng một lần có trong lá thư",
    "its links, one a line": "các liên kết trong thư, mỗi dòng một liên kết",
    "are there such messages in the lab? The exit code says it": "trong lab có những lá thư như vậy không? Mã thoát cho biết",
    "Exit code 0 when the mailboxes of the lab hold a message that matches the query, 1 when not; stderr says what they hold instead. The lab may have ended. To wait for a message: maillab wait": "Mã thoát 0 khi các hộp thư của lab có lá thư khớp với câu hỏi, 1 khi không; stderr cho biết trong đó có gì. Lab có thể đã dừng. Để chờ một lá thư: maillab wait",
    "exactly so many (default: at least one)": "đúng chừng ấy lá (mặc định: ít nhất một)",
    "there is no such message": "không có lá thư nào như vậy",
    # replay
    "Show a saved session as it was recorded, or replay one of its sides.": "Hiện một phiên đã lưu đúng như đã thấy, hoặc đóng lại vai một bên trong đó.",
    "Without FILE the sessions that the window has saved are listed; a part of such a name is enough to open it. "
    "Without --against and --as-server nothing is connected to anything: the file is shown. On a terminal the window "
    "plays it; with --print, or any option that says how to print, it is printed, with the original pauses on a "
    "terminal and at once in a pipe. Keys while it is printed: space pause, . the next line, ] on to the next mark, "
    "q quit. A MOMENT is the name of a mark, or the time since the first entry: 12, 1.5s, 2:30. A filter is a few "
    "words: maillab replay friday.maillab --filter 'leg:relay code:5xx' "
    "Exit codes: 0 done; 1 it differs (--against) or was asked something unknown (--as-server); 2 usage, or a file "
    "that is no session; 3 no connection or a port that is taken; 4 no answer; 130 Ctrl-C.": """\
Không có FILE thì các phiên mà cửa sổ đã lưu được liệt kê; một phần của tên như thế là đủ để mở.
Không có --against và --as-server thì không kết nối đi đâu cả: chỉ hiện tệp. Trên terminal, cửa sổ
phát nó; với --print, hoặc bất kỳ tuỳ chọn nào về cách in, nó được in ra, với các khoảng nghỉ như
lúc đầu trên terminal và ra hết ngay khi qua ống dẫn. Phím khi đang in: phím cách tạm dừng, . dòng
kế, ] tới dấu kế, q thoát.
MOMENT là tên một dấu, hoặc thời gian kể từ mục đầu tiên: 12, 1.5s, 2:30. Bộ lọc là vài từ:
  maillab replay friday.maillab --filter 'leg:relay code:5xx'
Mã thoát: 0 xong; 1 có khác biệt (--against) hoặc bị hỏi điều không biết (--as-server); 2 sai cách
dùng, hoặc tệp không phải là phiên; 3 không kết nối được hoặc cổng đang bị giữ; 4 không có câu trả
lời; 130 Ctrl-C.
""",
    "look again": "xem lại",
    "do it again (opens sockets)": "làm lại (có mở socket)",
    "*.maillab or *.maillab.gz, - for stdin, or the name of a saved session": "*.maillab hoặc *.maillab.gz, - là stdin, hoặc tên một phiên đã lưu",
    "print it, also where the window could play it": "in ra, kể cả khi cửa sổ có thể phát nó",
    "2: twice as fast; 0: at once (default: 1, in a pipe 0)": "2: nhanh gấp đôi; 0: ra hết ngay (mặc định: 1, qua ống dẫn là 0)",
    "no pause is longer than so many recorded seconds": "không khoảng nghỉ nào dài hơn từng này giây đã ghi",
    "begin there": "bắt đầu từ đó",
    "end there": "kết thúc ở đó",
    "again and again, until q or Ctrl-C": "lặp đi lặp lại, cho tới khi nhấn q hoặc Ctrl-C",
    "only what matches; --filter help tells how": "chỉ những gì khớp; --filter help cho biết cách viết",
    "explain each line (default: where a story is told)": "giải thích từng dòng (mặc định: khi kể chuyện)",
    "say the client's side again to this server, and compare": "nói lại phần máy khách với máy chủ này, rồi so sánh",
    "answer a client as recorded (0: any free port)": "trả lời máy khách đúng như bản ghi (0: một cổng trống)",
    "only the conversation of this name, for example submit-1": "chỉ hội thoại có tên này, ví dụ submit-1",
    "who logs in (default: who did then)": "ai đăng nhập (mặc định: người đã đăng nhập khi đó)",
    "the password (default: asked for; never that of the file)": "mật khẩu (mặc định: được hỏi; không bao giờ lấy từ tệp)",
    "messages as they were: same date, same Message-ID": "giữ thư như cũ: cùng ngày, cùng Message-ID",
    "compare the wording of answers too": "so sánh cả lời văn của câu trả lời",
    "a certificate to trust": "chứng chỉ được tin",
    "what to do where the record has no answer: refuse for now, hang up, answer like a strict server": "làm gì khi bản ghi không có câu trả lời: tạm từ chối, ngắt kết nối, hay trả lời như một máy chủ nghiêm ngặt",
    # export
    "A saved session in another format; no password is ever in it.": "Một phiên đã lưu ở định dạng khác; không bao giờ có mật khẩu trong đó.",
    "formats:": "các định dạng:",
    **{row.what: VIETNAMESE[row.what] for row in FORMATS.values()},
    "see below (default: by --output's name)": "xem bên dưới (mặc định: theo tên của --output)",
    "write there (0600, whole or not at all), not to stdout": "ghi vào đó (quyền 0600, trọn vẹn hoặc không gì cả), không ra stdout",
    "replace the output file if it is there": "thay tệp kết quả nếu nó đã có",
    "only what matches, as in `maillab replay --filter`": "chỉ những gì khớp, như trong `maillab replay --filter`",
    "json: an object a line, not an array": "json: mỗi dòng một đối tượng, không phải một mảng",
    "print the JSON Schema of the lines of a session file": "in JSON Schema cho các dòng của tệp phiên",
    # diff
    "Compare two saved sessions, conversation by conversation and exchange by exchange: codes, enhanced codes, capabilities. Ids, dates, host names, nonces and the order of an offer do not count.": "So sánh hai phiên đã lưu, từng hội thoại và từng lượt hỏi đáp: mã, mã mở rộng, tính năng. Không tính số hiệu, ngày tháng, tên máy, giá trị ngẫu nhiên và thứ tự các tính năng được nêu.",
    "Exit codes: 0 no difference; 1 a difference; 2 a file that cannot be read.": "Mã thoát: 0 không khác; 1 có khác; 2 có tệp không đọc được.",
    "the session file to compare with": "tệp phiên làm mốc so sánh",
    "the session file that is compared": "tệp phiên được so sánh",
    "only the conversation of this name": "chỉ hội thoại có tên này",
    'one JSON object a line: its "mark" (" ", -, + or @), "text"': 'mỗi dòng một đối tượng JSON: "mark" (" ", -, + hoặc @), "text"',
    # explain
    "Explain words of mail in English or Vietnamese: 550, 5.1.1, RCPT, 250-PIPELINING, +OK, MX record, port 587, mail transfer agent, Bcc, base64, hộp thư. A word that begins with a hyphen goes after two hyphens: maillab explain -- -ERR": "Giải thích các từ về thư điện tử, tiếng Anh hoặc tiếng Việt: 550, 5.1.1, RCPT, 250-PIPELINING, +OK, MX record, port 587, mail transfer agent, Bcc, base64, hộp thư. Từ bắt đầu bằng dấu gạch nối đứng sau hai dấu gạch nối: maillab explain -- -ERR",
    "a code, a command, a term of one or more words, or a whole line": "một mã, một lệnh, một khái niệm gồm một hay nhiều từ, hoặc cả một dòng",
    "list every known word": "liệt kê mọi từ được biết",
    # help
    "the manual: a list of its pages, or one page": "sách hướng dẫn: danh sách các trang, hoặc một trang",
    "Read the manual. Without a topic, its pages are listed. With the name of a command, the options of that command are listed, as by `maillab COMMAND --help`.": "Đọc sách hướng dẫn. Không nêu chủ đề thì liệt kê các trang. Nêu tên một lệnh thì liệt kê các tuỳ chọn của lệnh đó, như `maillab COMMAND --help`.",
    "a page, such as keys; without it, the list of pages": "một trang, ví dụ keys; bỏ trống thì có danh sách các trang",
    # doctor, completion
    "Look at everything the lab needs. Exit code 1 when something fails; a warning is no failure.": "Xem xét mọi thứ lab cần. Mã thoát 1 khi có gì đó không đạt; cảnh báo không tính là không đạt.",
    "start a lab of this configuration for a moment, and use each capability that its doors announce; exit code 1 when one is a lie": "mở một lab theo cấu hình này trong chốc lát, rồi dùng thử từng tính năng mà các cổng của nó nêu ra; mã thoát 1 khi có tính năng không đúng như đã nêu",
    "bash, zsh, tcsh, fish or powershell": "bash, zsh, tcsh, fish hay powershell",
}

ARGPARSE = {  # as CPython 3.11 to 3.13 mark them for gettext
    "usage: ": "cách dùng: ",
    "options": "tuỳ chọn",
    "positional arguments": "tham số",
    "show this help message and exit": "hiện trợ giúp này rồi thoát",
    "%(prog)s: error: %(message)s\n": "%(prog)s: lỗi: %(message)s\n",
    "argument %(argument_name)s: %(message)s": "tham số %(argument_name)s: %(message)s",
    "the following arguments are required: %s": "thiếu các tham số: %s",
    "unrecognized arguments: %s": "không hiểu các tham số: %s",
    "not allowed with argument %s": "không dùng chung được với tham số %s",
    "one of the arguments %s is required": "cần một trong các tham số %s",
    "expected one argument": "cần một giá trị",
    "expected at most one argument": "cần nhiều nhất một giá trị",
    "expected at least one argument": "cần ít nhất một giá trị",
    "expected %s argument": "cần %s giá trị",
    "expected %s arguments": "cần %s giá trị",
    "ignored explicit argument %r": "không nhận giá trị %r",
    "ambiguous option: %(option)s could match %(matches)s": ("tuỳ chọn chưa rõ: %(option)s có thể là %(matches)s"),
    "invalid choice: %(value)r (choose from %(choices)s)": "không có lựa chọn %(value)r (hãy chọn trong %(choices)s)",
    "invalid %(type)s value: %(value)r": "giá trị %(value)r không hợp lệ (%(type)s)",
    "unknown parser %(parser_name)r (choices: %(choices)s)": ("không có lệnh %(parser_name)r (các lệnh: %(choices)s)"),
}
