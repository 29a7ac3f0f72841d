"""How each protocol is spoken: one value each (`SMTP`, `POP3`, `DNS`), in the file or package of its name.

No side: client, server, transcript and replay read the same words with the same code. No sockets, no state of a
machine. IMAP's place is empty: a file `imap.py` with its value, a row in the table of services, and in the follower
what no other protocol has, the tags that say which command an answer belongs to, and literals.
"""
