"""How the protocols are written: bytes to values and back.

No side: client, server, transcript and replay read the same words with the same code.
No sockets, no state of a machine.
"""
