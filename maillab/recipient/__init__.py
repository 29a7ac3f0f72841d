"""The machine that receives: accepts messages for its people, stores them in Maildirs, has them fetched by POP3.

It never sends: what it cannot accept it refuses at RCPT, so that it owes nobody a bounce.
"""
