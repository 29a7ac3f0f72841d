"""What a stored message is to IMAP: its parts, envelope and structure, its sections, its words, its place among others.

Quiet: octets in, values out. Nothing raises, whatever a stranger wrote; every step is linear in what it reads; octets
are pieces of the message as it is stored, and never written anew.
"""
