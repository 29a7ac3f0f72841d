"""IMAP on paper: how commands are read and answers written, of IMAP4rev1 (RFC 3501) and IMAP4rev2 (RFC 9051) alike.

No side: a server, a client and whoever follows a talk share these files. One idea a file: from `spoken` (what was said)
and `lexer` (its words) to `commands` (what was meant), and `responses` (what is said to it). No sockets, no mailbox.
"""

from maillab.protocols.imap.protocol import IMAP

__all__ = ["IMAP"]
