"""How each protocol is spoken: one value each (`SMTP`, `POP3`, `DNS`), in the file of its name, with its syntax.

No side: client, server, transcript and replay read the same words with the same code. No sockets, no state of a
machine. IMAP will be a file `imap.py` like the others, its value a row in the table of services; nothing else knows.
"""
