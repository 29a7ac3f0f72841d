"""How programs that read mail, by POP3 or IMAP, are pointed at a lab: a row for each kind of program.

Rules for this file: it is a table, as programs.py is; what stands in braces is told in mail_settings.py.
"""

import shlex

from maillab.cli.mail_settings import Program

READING: dict[str, Program] = {
    "shell": Program(
        "",
        shlex.quote,
        (
            ("plain", "unset {NAME}_CA_FILE"),
            ("", "export {NAME}_HOST={host}"),
            ("", "export {NAME}_PORT={port}"),
            ("", "export {NAME}_USERNAME={user}"),
            ("", "export {NAME}_PASSWORD={password}"),
            ("", "export {NAME}_URL={url}"),
            ("tls", "export {NAME}_CA_FILE={certificate}"),
        ),
    ),
    "python": Program(
        "",
        repr,
        (
            ("imap", "import imaplib"),
            ("pop3", "import poplib"),
            ("tls", "import ssl"),
            ("", ""),
            ("tls", "context = ssl.create_default_context(cafile={certificate})"),
            ("imap plain", "server = imaplib.IMAP4({host}, {port})"),
            ("imap starttls", "server = imaplib.IMAP4({host}, {port})"),
            ("imap starttls", "server.starttls(context)"),
            ("imap implicit", "server = imaplib.IMAP4_SSL({host}, {port}, ssl_context=context)"),
            ("imap", "server.login({user}, {password})"),
            ("imap", 'print(server.select("INBOX"), server.search(None, "ALL"))'),
            ("imap", "server.logout()"),
            ("pop3 plain", "server = poplib.POP3({host}, {port})"),
            ("pop3 starttls", "server = poplib.POP3({host}, {port})"),
            ("pop3 starttls", "server.stls(context)"),
            ("pop3 implicit", "server = poplib.POP3_SSL({host}, {port}, context=context)"),
            ("pop3", "server.user({user})"),
            ("pop3", "server.pass_({password})"),
            ("pop3", "print(server.list())"),
            ("pop3", "server.quit()"),
        ),
    ),
    "curl": Program(
        "",
        shlex.quote,
        (
            ("plain", "curl {protocol}://{where}/ --user {login}"),
            ("starttls", "curl {protocol}://{where}/ --ssl-reqd --cacert {certificate} --user {login}"),
            ("implicit", "curl {protocol}s://{where}/ --cacert {certificate} --user {login}"),
        ),
    ),
    "openssl": Program(
        "",
        shlex.quote,
        (
            ("plain", "# {where}: no TLS"),
            ("starttls", "openssl s_client -connect {where} -starttls {protocol} -crlf -quiet -CAfile {certificate}"),
            ("implicit", "openssl s_client -connect {where} -crlf -quiet -CAfile {certificate}"),
        ),
    ),
    "nc": Program("", shlex.quote, (("", "nc -C {host} {port}"),)),
    "telnet": Program("", shlex.quote, (("", "telnet {host} {port}"),)),
}
