"""How programs that send mail are pointed at a lab: a row for each kind of program, with the settings that it reads.

Rules for this file: it is a table; what stands in braces is told in mail_settings.py.
"""

import re
import shlex

from maillab.cli.mail_settings import Program


def _ruby(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _properties(text: str) -> str:
    """A value of a Java properties file: what is not plain ASCII is escaped, in units of UTF-16."""
    return re.sub(
        r"[^ -\[\]-~]",
        lambda char: re.sub("....", r"\\u\g<0>", char[0].encode("utf-16-be", "surrogatepass").hex()),
        text,
    )


def _dotenv(text: str) -> str:
    """A value of a .env file as PHP's and Python's readers take it: in double quotes where it is no plain word."""
    return text if re.fullmatch(r"[A-Za-z0-9@.:/_%+?=&-]+", text) else _ini(text)


def _ini(text: str) -> str:
    """A value of php.ini."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$") + '"'


SENDING: dict[str, Program] = {
    "shell": Program(
        "",
        shlex.quote,
        (
            ("plain", "unset SMTP_USERNAME SMTP_PASSWORD SMTP_CA_FILE"),
            ("", "export SMTP_HOST={host}"),
            ("", "export SMTP_PORT={port}"),
            ("login", "export SMTP_USERNAME={user}"),
            ("login", "export SMTP_PASSWORD={password}"),
            ("", "export SMTP_FROM={sender}"),
            ("", "export SMTP_URL={url}"),
            ("tls", "export SMTP_CA_FILE={certificate}"),
        ),
    ),
    "python": Program(
        "",
        repr,
        (
            ("", "import smtplib"),
            ("tls", "import ssl"),
            ("", "from email.message import EmailMessage"),
            ("", ""),
            ("", "message = EmailMessage()"),
            ("", 'message["From"], message["To"], message["Subject"] = {sender}, {recipient}, "Hello"'),
            ("", 'message.set_content("Hello from Python")'),
            ("tls", "context = ssl.create_default_context(cafile={certificate})"),
            ("plain", "with smtplib.SMTP({host}, {port}) as server:"),
            ("starttls", "with smtplib.SMTP({host}, {port}) as server:"),
            ("starttls", "    server.starttls(context=context)"),
            ("implicit", "with smtplib.SMTP_SSL({host}, {port}, context=context) as server:"),
            ("login", "    server.login({user}, {password})"),
            ("", "    server.send_message(message)"),
        ),
    ),
    "django": Program(
        "# settings.py",
        repr,
        (
            ("", "EMAIL_HOST = {host}"),
            ("", "EMAIL_PORT = {port}"),
            ("login", "EMAIL_HOST_USER = {user}"),
            ("login", "EMAIL_HOST_PASSWORD = {password}"),
            ("starttls", "EMAIL_USE_TLS = True"),
            ("implicit", "EMAIL_USE_SSL = True"),
            ("", "DEFAULT_FROM_EMAIL = {sender}"),
            ("tls", "# export SSL_CERT_FILE={certificate}"),
        ),
    ),
    "flask": Program(
        "# config.py: Flask-Mail, Flask-Mailman",
        repr,
        (
            ("", "MAIL_SERVER = {host}"),
            ("", "MAIL_PORT = {port}"),
            ("", "MAIL_DEFAULT_SENDER = {sender}"),
            ("login", "MAIL_USERNAME = {user}"),
            ("login", "MAIL_PASSWORD = {password}"),
            ("starttls", "MAIL_USE_TLS = True"),
            ("implicit", "MAIL_USE_SSL = True"),
            ("tls", "# export SSL_CERT_FILE={certificate}"),
        ),
    ),
    "fastapi": Program(
        "# .env: fastapi-mail",
        _dotenv,
        (
            ("", "MAIL_SERVER={host}"),
            ("", "MAIL_PORT={port}"),
            ("", "MAIL_FROM={sender}"),
            ("", "MAIL_USERNAME={user}"),
            ("", "MAIL_PASSWORD={password}"),
            ("login", "USE_CREDENTIALS=true"),
            ("plain", "USE_CREDENTIALS=false"),
            ("plain", "MAIL_STARTTLS=false"),
            ("plain", "MAIL_SSL_TLS=false"),
            ("starttls", "MAIL_STARTTLS=true"),
            ("starttls", "MAIL_SSL_TLS=false"),
            ("implicit", "MAIL_STARTTLS=false"),
            ("implicit", "MAIL_SSL_TLS=true"),
            ("tls", "CERT_BUNDLE={certificate}"),
        ),
    ),
    "node": Program(
        "# nodemailer: createTransport(process.env.SMTP_URL)",
        shlex.quote,
        (
            ("", "export SMTP_URL={url}"),
            ("", "export NODE_EXTRA_CA_CERTS={certificate}"),
        ),
    ),
    "spring": Program(
        "# application.properties",
        _properties,
        (
            ("", "spring.mail.host={host}"),
            ("", "spring.mail.port={port}"),
            ("login", "spring.mail.username={user}"),
            ("login", "spring.mail.password={password}"),
            ("login", "spring.mail.properties.mail.smtp.auth=true"),
            ("starttls", "spring.mail.properties.mail.smtp.starttls.required=true"),
            ("implicit", "spring.mail.properties.mail.smtp.ssl.enable=true"),
            ("tls", "spring.mail.properties.mail.smtp.ssl.trust={host}"),
        ),
    ),
    "laravel": Program(
        "# .env",
        _dotenv,
        (
            ("", "MAIL_MAILER=smtp"),
            ("implicit", "MAIL_SCHEME=smtps"),
            ("", "MAIL_HOST={host}"),
            ("", "MAIL_PORT={port}"),
            ("login", "MAIL_USERNAME={user}"),
            ("login", "MAIL_PASSWORD={password}"),
            ("", "MAIL_FROM_ADDRESS={sender}"),
            ("tls", "# php.ini: openssl.cafile={certificate}"),
        ),
    ),
    "symfony": Program(
        "# .env",
        _dotenv,
        (
            ("", "MAILER_DSN={url}"),
            ("tls", "# php.ini: openssl.cafile={certificate}"),
        ),
    ),
    "rails": Program(
        "# config/environments/development.rb",
        _ruby,
        (
            ("", "config.action_mailer.delivery_method = :smtp"),
            ("", "config.action_mailer.smtp_settings = {{"),
            ("", "  address: {host},"),
            ("", "  port: {port},"),
            ("login", "  user_name: {user},"),
            ("login", "  password: {password},"),
            ("login", "  authentication: :plain,"),
            ("starttls", "  enable_starttls: true,"),
            ("implicit", "  tls: true,"),
            ("tls", "  ca_file: {certificate}"),
            ("", "}}"),
        ),
    ),
    "php": Program(
        "; php.ini",
        _ini,
        (("", "sendmail_path = {sendmail}"),),
    ),
    "curl": Program(
        "",
        shlex.quote,
        (
            ("plain", "curl {url} \\"),
            ("starttls", "curl smtp://{where} --ssl-reqd --cacert {certificate} --user {login} \\"),
            ("implicit", "curl smtps://{where} --cacert {certificate} --user {login} \\"),
            ("", "  --mail-from {sender} --mail-rcpt {recipient} --upload-file message.eml"),
        ),
    ),
    "swaks": Program(
        "",
        shlex.quote,
        (
            ("", "swaks --server {where} --from {sender} --to {recipient} \\"),
            ("starttls", "  --tls --tls-verify --tls-ca-path {certificate} \\"),
            ("implicit", "  --tlsc --tls-verify --tls-ca-path {certificate} \\"),
            ("login", "  --auth --auth-user {user} --auth-password {password} \\"),
            ("", "  --header 'Subject: Hello'"),
        ),
    ),
    "openssl": Program(
        "",
        shlex.quote,
        (
            ("plain", "# {where}: no TLS"),
            ("starttls", "openssl s_client -connect {where} -starttls smtp -crlf -quiet -CAfile {certificate}"),
            ("implicit", "openssl s_client -connect {where} -crlf -quiet -CAfile {certificate}"),
        ),
    ),
    "nc": Program("", shlex.quote, (("", "nc -C {host} {port}"),)),
    "telnet": Program("", shlex.quote, (("", "telnet {host} {port}"),)),
}
