"""Clients that nobody here wrote read, mark, copy and remove messages over IMAP, with their defaults."""

import asyncio
import imaplib
import json
import os
import pty
import re
import select
import smtplib
import ssl
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

import aioimaplib
import pytest
from imap_tools import AND, MailBoxUnencrypted
from imapclient import IMAPClient

from tests.judges.messages import ALICE, BOB, SUBJECT, judge_content
from tests.judges.test_smtp_clients import run
from tests.support import need

pytestmark = pytest.mark.judge


@pytest.fixture
def waiting(small):
    """A message that lies in bob's INBOX; whatever happens, all his folders are as they were afterwards."""
    lab = small.lab
    send(lab, small.content)
    small.wait()
    yield small
    with looking(lab) as box:
        for row in box.list()[1]:
            name = row.decode().rpartition(' "/" ')[2]
            box.select(name)
            box.store("1:*", "+FLAGS.SILENT", "\\Deleted")
            box.expunge()
            box.unselect()
            if "\\" not in row.decode().partition(")")[0].replace("\\HasNoChildren", "") and name != "INBOX":
                box.delete(name)


@contextmanager
def looking(lab):
    """Bob's connection by Python's imaplib."""
    box = imaplib.IMAP4(lab.host, lab.port("imap"), timeout=20)
    try:
        box.login(BOB, "bob")
        yield box
    finally:
        box.logout()


def send(lab, content):
    """Alice sends bob a message."""
    with smtplib.SMTP(lab.host, lab.port("smtp"), "client.test", timeout=20) as wire:
        wire.sendmail(ALICE, [BOB], content)


def content_of(lab, folder="INBOX", number="1"):
    """The octets of one message."""
    with looking(lab) as box:
        box.select(folder, readonly=True)
        return box.fetch(number, "(BODY.PEEK[])")[1][0][1]


def flags_in(lab, folder="INBOX"):
    """The flags of the messages of a folder, by their order."""
    with looking(lab) as box:
        box.select(folder, readonly=True)
        return [set(imaplib.ParseFlags(row)) for row in box.fetch("1:*", "(FLAGS)")[1] if row]


@pytest.mark.parametrize("service", ["imap", "imaps"])
def test_imaplib(waiting, service):
    """Python's imaplib, through STARTTLS and through implicit TLS: select, search, fetch, store, copy, append, expunge."""
    lab = waiting.lab
    context = ssl.create_default_context(cafile=lab.authority)
    if service == "imap":
        box = imaplib.IMAP4(lab.host, lab.port("imap"), timeout=20)
        box.starttls(context)
    else:
        box = imaplib.IMAP4_SSL(lab.host, lab.port("imaps"), timeout=20, ssl_context=context)
    box.authenticate("PLAIN", lambda _: b"\0bob\0bob")
    assert box.select()[1] == [b"1"]
    assert box.search(None, "UNSEEN", "FROM", "alice")[1] == [b"1"]
    judge_content(box.fetch("1", "(RFC822)")[1][0][1], waiting.content)
    assert box.store("1", "+FLAGS", r"(\Flagged \Deleted)")[0] == "OK"
    assert box.copy("1", "Archive")[0] == "OK"
    assert box.append("Drafts", r"(\Draft)", None, b"Subject: draft\r\n\r\nDear\r\n")[0] == "OK"
    assert box.expunge()[1] == [b"1"]
    assert box.create("Lists/linux")[0] == "OK"
    assert box.rename("Lists/linux", "Lists/kernel")[0] == "OK"
    assert box.status("Drafts", "(MESSAGES UNSEEN)")[1] == [b"Drafts (MESSAGES 1 UNSEEN 1)"]
    box.close()
    box.logout()
    assert flags_in(lab, "Archive") == [{b"\\Flagged", b"\\Seen", b"\\Deleted"}]


def test_imapclient(waiting):
    """IMAPClient reads capabilities, folders with Vietnamese names, envelopes and structures, and is told in IDLE."""
    lab = waiting.lab
    with IMAPClient(lab.host, lab.port("imap"), ssl=False, timeout=20) as box:
        box.starttls(ssl.create_default_context(cafile=lab.authority))
        box.login(BOB, "bob")
        assert {b"IDLE", b"MOVE", b"UIDPLUS", b"CONDSTORE", b"SORT"} <= set(box.capabilities())
        assert box.id_({"name": "judge"})[0][1] == b"maillab"
        box.create_folder("Thư từ")
        box.subscribe_folder("Thư từ")
        assert "Thư từ" in [name for _, _, name in box.list_folders()]
        assert "Thư từ" in [name for _, _, name in box.list_sub_folders()]
        assert {b"\\Sent", b"\\Junk"} <= {flag for flags, _, _ in box.list_folders() for flag in flags}
        info = box.select_folder("INBOX")
        assert info[b"EXISTS"] == 1
        (uid,) = box.search(["SUBJECT", "khai giảng"], charset="UTF-8")
        found = box.fetch([uid], ["ENVELOPE", "BODYSTRUCTURE", "INTERNALDATE", "RFC822.SIZE", "FLAGS", "MODSEQ"])[uid]
        assert found[b"ENVELOPE"].from_[0].host == b"sender.test"
        assert found[b"BODYSTRUCTURE"][:2] == (b"text", b"plain")
        box.idle()
        send(lab, b"Subject: second\r\n\r\nDuring IDLE\r\n")
        told, end = [], time.monotonic() + 20
        while (2, b"EXISTS") not in told and time.monotonic() < end:
            told += box.idle_check(timeout=5)
        assert (2, b"EXISTS") in told
        box.idle_done()
        box.add_flags([uid], ["$Forwarded", "\\Answered"])
        assert set(box.get_flags([uid])[uid]) == {b"$Forwarded", b"\\Answered"}
        assert box.sort("SUBJECT") == [uid + 1, uid]
        box.move([uid], "Thư từ")
        assert box.folder_status("Thư từ", ["MESSAGES"]) == {b"MESSAGES": 1}
        box.append("Thư từ", b"Subject: x\r\n\r\ny\r\n", ["\\Seen"])
        box.select_folder("Thư từ")
        assert len(box.thread()) == 2
        judge_content(box.fetch([1], ["BODY[]"])[1][b"BODY[]"], waiting.content)
        assert box.get_quota_root("INBOX")[1][0].resource == "STORAGE"


@pytest.mark.parametrize("service", ["imap", "imaps"])
def test_curl(waiting, service):
    """Curl lists folders, searches, fetches, appends, with STARTTLS and with implicit TLS."""
    lab = waiting.lab
    url = f"{service}://{lab.host}:{lab.port(service)}"
    command = [
        need("curl"),
        "--silent",
        "--show-error",
        "--ssl-reqd",
        "--cacert",
        lab.authority,
        "--user",
        f"{BOB}:bob",
    ]
    assert '\\Sent) "/" Sent' in run([*command, f"{url}/"])
    assert run([*command, f"{url}/INBOX?UNSEEN"]).startswith("* SEARCH ")
    with looking(lab) as box:
        box.select("INBOX", readonly=True)
        uid = box.uid("SEARCH", "ALL")[1][0].decode()
    got = waiting.file.with_name("got.eml")
    run([*command, f"{url}/INBOX;UID={uid}", "--output", got])
    judge_content(got.read_bytes(), waiting.content)
    run([*command, "--upload-file", waiting.file, f"{url}/Sent"])
    assert content_of(lab, "Sent") == waiting.content


def mbsync(lab, folder, mail):
    """The command that keeps bob's folders and a Maildir in step."""
    rc = folder / "mbsyncrc"
    rc.write_text(
        f"IMAPAccount lab\nHost localhost\nPort {lab.port('imap')}\nUser {BOB}\nPass bob\nSSLType STARTTLS\n"
        f"CertificateFile {lab.authority}\n\n"
        f"IMAPStore far\nAccount lab\n\nMaildirStore near\nPath {mail}/\nInbox {mail}/INBOX\nSubFolders Verbatim\n\n"
        "Channel all\nFar :far:\nNear :near:\nPatterns *\nCreate Both\nExpunge Both\nSyncState *\n"
    )
    return [need("mbsync"), "--config", rc, "--all"]


def everything(mail):
    """What a Maildir holds, but for what mbsync notes for itself."""
    return sorted(str(path.relative_to(mail)) for path in mail.rglob("*") if path.is_file() and path.name[0] != ".")


def without_mark(octets):
    """A message without the field by which mbsync finds it again."""
    return re.sub(rb"X-TUID: [^\r\n]*\r?\n", b"", octets)


def test_mbsync(waiting, tmp_path):
    """Mbsync fetches all, changes nothing when it runs again, and carries changes of either side to the other."""
    lab, mail = waiting.lab, tmp_path / "mail"
    mail.mkdir()
    command = mbsync(lab, tmp_path, mail)
    run(command)
    (name,) = everything(mail)
    judge_content(without_mark((mail / name).read_bytes()), waiting.content, newline=b"\n")
    before = everything(mail), flags_in(lab)
    run(command)
    assert (everything(mail), flags_in(lab)) == before

    (mail / name).rename(mail / "INBOX" / "cur" / (mail / name).name.replace(":2,", ":2,FS"))  # marked near
    (mail / "Sent" / "cur" / "1.new:2,S").write_bytes(waiting.content.replace(b"\r\n", b"\n"))  # written near
    run(command)
    assert flags_in(lab) == [{b"\\Flagged", b"\\Seen"}]
    assert without_mark(content_of(lab, "Sent")) == waiting.content

    with looking(lab) as box:  # removed and made far
        box.select("INBOX")
        box.store("1", "+FLAGS", "\\Deleted")
        box.expunge()
        box.create("Lists/linux")
    run(command)
    assert [name.partition("/")[0] for name in everything(mail)] == ["Sent"]
    assert (mail / "Lists" / "linux" / "cur").is_dir()


def typed(command, seconds=60):
    """Run a program of a terminal to its end; gives its exit code."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm", LINES="24", COLUMNS="100")
        os.execv(command[0], list(map(str, command)))
    end = time.monotonic() + seconds
    try:
        while time.monotonic() < end:
            if select.select([terminal], [], [], 0.5)[0] and not os.read(terminal, 65_536):
                break
        else:
            os.kill(pid, 9)
    except OSError:
        pass  # the terminal is gone with the program
    finally:
        os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


@pytest.mark.parametrize("program", ["mutt", "neomutt"])
def test_mutt(waiting, program, tmp_path):
    """Mutt and NeoMutt open the INBOX, flag a message, copy it to another folder, and delete it."""
    lab, rc = waiting.lab, tmp_path / "muttrc"
    url = f"imaps://bob@localhost:{lab.port('imaps')}"
    rc.write_text(
        f'set folder="{url}/" spoolfile="{url}/INBOX" imap_pass=bob certificate_file="{lab.authority}"\n'
        "set delete=yes quit=yes confirmcreate=no confirmappend=no move=no wait_key=no sleep_time=0\n"
        'push "<first-entry><flag-message><copy-message>=Archive<enter><delete-message><quit>"\n'
    )
    assert typed([need(program), "-n", "-F", rc]) == 0
    assert flags_in(lab) == []
    assert b"\\Flagged" in flags_in(lab, "Archive")[0]
    judge_content(content_of(lab, "Archive"), waiting.content)


@pytest.mark.parametrize(("service", "tls"), [("imap", "sslproto tls1.2+"), ("imaps", "ssl")])
def test_fetchmail(waiting, service, tls):
    """Fetchmail fetches and deletes over IMAP, with STARTTLS and with implicit TLS."""
    lab = waiting.lab
    got, rc = waiting.file.with_name("got.eml"), waiting.file.with_name("fetchmailrc")
    rc.write_text(
        f'poll {lab.host} service {lab.port(service)} protocol imap user "{BOB}" password "bob"\n'
        f'{tls} sslcertck sslcommonname localhost sslcertfile "{lab.authority}" no rewrite no dropdelivered fetchall mda "cat >{got}"\n'
        "set invisible\n"
    )
    rc.chmod(0o600)
    run([need("fetchmail"), "-f", rc, "--pidfile", f"{rc}.pid", "-i", f"{rc}.ids", "--nosyslog"])
    judge_content(got.read_bytes(), waiting.content, newline=b"\n")
    assert flags_in(lab) == []


def test_fetchmail_idle(waiting):
    """Fetchmail in IDLE hears of a message when it comes, and fetches it."""
    lab = waiting.lab
    got, rc = waiting.file.with_name("got.mbox"), waiting.file.with_name("fetchmailrc")
    rc.write_text(
        f'poll {lab.host} service {lab.port("imap")} protocol imap user "{BOB}" password "bob"\n'
        f'sslproto "" idle no rewrite no dropdelivered fetchall mda "cat >>{got}"\nset invisible\n'
    )
    rc.chmod(0o600)
    command = [need("fetchmail"), "-f", rc, "--pidfile", f"{rc}.pid", "-i", f"{rc}.ids", "--nosyslog", "--nodetach"]
    since = len(lab.entries)
    with subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as fetching:
        try:
            first = lab.wait(lambda entry: entry["kind"] == "removed", since=since)
            send(lab, b"Subject: during idle\r\n\r\nhello\r\n")
            lab.wait(lambda entry: entry["kind"] == "removed" and entry["uids"] != first["uids"], since=since)
        finally:
            fetching.terminate()
    assert b"Subject: during idle" in got.read_bytes()


def test_two_clients_on_one_folder(waiting):
    """What one client marks, the other hears; POP3 sees the same messages."""
    lab = waiting.lab
    with looking(lab) as one, looking(lab) as other:
        one.select()
        other.select()
        one.store("1", "+FLAGS", "\\Flagged")
        other.noop()
        assert b"\\Flagged" in other.response("FETCH")[1][0]
        one.store("1", "+FLAGS", "\\Deleted")
        one.expunge()
        other.noop()
        assert other.response("EXPUNGE")[1] == [b"1"]


def test_imapflow(waiting):
    """Imapflow lists, fetches, appends, searches, moves, is told in IDLE, and hears what vanished by QRESYNC."""
    need("imapflow")
    lab = waiting.lab
    script = Path(__file__).with_name("imapflow_reads.js")
    seen = json.loads(run([need("node"), script, lab.port("imap"), lab.authority], env=os.environ))
    assert (seen["uses"]["Sent"], seen["uses"]["Trash"]) == ("\\Sent", "\\Trash")
    assert [subject for subject, _ in seen["subjects"]] == [SUBJECT]
    assert {"CONDSTORE", "QRESYNC", "IMAP4REV2"} <= set(seen["enabled"])
    assert (seen["found"], seen["told"], seen["moved"], seen["vanished"], seen["there"]) == (1, True, 1, True, 1)


def test_offlineimap(waiting, tmp_path):
    """Offlineimap copies all folders into a Maildir, changes nothing the second time, and carries a mark back."""
    lab, mail, rc = waiting.lab, tmp_path / "mail", tmp_path / "offlineimaprc"
    rc.write_text(
        f"[general]\naccounts = bob\nmetadata = {tmp_path}/meta\n"
        "[Account bob]\nlocalrepository = near\nremoterepository = far\n"
        f"[Repository near]\ntype = Maildir\nlocalfolders = {mail}\n"
        f"[Repository far]\ntype = IMAP\nremotehost = localhost\nremoteport = {lab.port('imaps')}\n"
        f"ssl = yes\nsslcacertfile = {lab.authority}\nremoteuser = {BOB}\nremotepass = bob\n"
    )
    command = [need("offlineimap"), "-c", rc, "-o", "-u", "quiet"]
    run(command)
    (file,) = (path for path in mail.rglob("*") if path.is_file())
    judge_content(file.read_bytes(), waiting.content, newline=b"\n")
    before = everything(mail), flags_in(lab)
    run(command)
    assert (everything(mail), flags_in(lab)) == before
    file.rename(mail / "INBOX" / "cur" / file.name.replace(":2,", ":2,F"))
    run(command)
    assert flags_in(lab) == [{b"\\Flagged"}]


def test_aioimaplib(waiting):
    """Aioimaplib logs in, searches, fetches, and hears of a message while it waits in IDLE."""
    lab = waiting.lab

    async def story():
        box = aioimaplib.IMAP4(lab.host, lab.port("imap"), timeout=20)
        await box.wait_hello_from_server()
        assert (await box.login("bob", "bob")).result == "OK"
        assert (await box.select()).result == "OK"
        assert (await box.search("UNSEEN")).lines[0] == b"1"
        judge_content(bytes((await box.fetch("1", "(RFC822)")).lines[1]), waiting.content)
        waits = await box.idle_start(timeout=20)
        await asyncio.to_thread(send, lab, b"Subject: second\r\n\r\nDuring IDLE\r\n")
        assert b"2 EXISTS" in await box.wait_server_push()
        box.idle_done()
        await waits
        assert (await box.logout()).result == "OK"

    asyncio.run(story())


def test_imap_tools(waiting):
    """Imap-tools reads, marks, moves and makes folders."""
    lab = waiting.lab
    with MailBoxUnencrypted(lab.host, lab.port("imap"), timeout=20).login(BOB, "bob") as box:
        (message,) = box.fetch(AND(seen=False, subject="khai giảng"), charset="UTF-8", mark_seen=False)
        assert (message.subject, message.from_) == (SUBJECT, ALICE)
        box.folder.create("Thư từ")
        box.flag(message.uid, ["\\Answered"], True)
        box.move(message.uid, "Thư từ")
        assert box.folder.status("Thư từ")["MESSAGES"] == 1
        assert "\\Sent" in {flag for folder in box.folder.list() for flag in folder.flags}
        box.append(b"Subject: draft\r\n\r\nDear\r\n", "Drafts", flag_set=["\\Draft"])
        box.folder.set("Drafts")
        assert [one.flags for one in box.fetch(mark_seen=False)] == [("\\Draft",)]
