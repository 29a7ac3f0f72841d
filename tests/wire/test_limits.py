"""The table of limits."""

from maillab import logbook
from maillab.manual.pages import read
from maillab.wire import limits as limits_
from maillab.wire import recorded, tls_handshake
from maillab.wire.limits import FINISH, Limits


def test_defaults_are_within_what_the_rfcs_ask():
    """No default is below what RFC 5321 §4.5.3 asks every server to bear."""
    limits = Limits()
    assert limits.recipients >= 100
    assert limits.command >= 300
    assert limits.block >= 180
    assert limits.line >= 998


def test_the_manual_tells_every_limit():
    """What the manual says of limits is what the tables of the program hold."""
    limits, page = Limits(), read("lab", "en").partition("## Limits")[2]
    mebi = 1_048_576
    said = [
        f"{limits.message // mebi} MiB, {limits.recipients} recipients",
        f"{limits.connections} to one port, {limits.per_address} from one address, {limits.per_user} of one person in IMAP",
        f"{limits_.RESERVED} are kept for messages and records",
        f"{tls_handshake.AT_ONCE} at a time, {limits.handshake:.0f} seconds each, {tls_handshake.WAITING} may wait",
        f"{limits.messages} messages, {limits.errors} errors, {limits.bad_lines} lines that are no commands, "
        f"{limits.auth_failures} wrong passwords, {limits.junk} commands without a message",
        f"{limits.command / 60:.0f} minutes; {limits.block / 60:.0f} minutes for the next block",
        f"{logbook.KEPT:,} entries, {logbook.OCTETS // mebi} MiB in memory, {logbook.FILED // mebi} MiB in files; "
        f"of a message that is refused {recorded.IN_MEMORY // 1024} KiB",
        f"{limits_.FLOOR // mebi} MiB are left free by messages, {limits_.RECORD_FLOOR // mebi} MiB by the record",
        f"within {FINISH:.0f} seconds at most",
    ]
    assert [words for words in said if words not in page] == []
    assert limits.session == 3600
