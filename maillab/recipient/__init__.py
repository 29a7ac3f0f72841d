"""The machine that receives: accepts messages for its people, stores them in Maildirs, has them read by POP3 and IMAP.

It never sends: what it cannot accept it refuses at RCPT, so that it owes nobody a bounce.
"""
