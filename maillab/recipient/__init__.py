"""The machine that receives: accepts letters for its people, stores them in Maildirs, and lets them be fetched by POP3.

It never sends: what it cannot accept it refuses at RCPT, so that it owes nobody a bounce.
"""
