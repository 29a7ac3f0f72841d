"""IMAP, the server's side, without a socket: a command a file, all of them in the table of `verbs.py`.

The talk is in `dialogue.py`. What sequence numbers mean to one session is decided in `tracker.py`, what a session is
in `session.py`.
"""
