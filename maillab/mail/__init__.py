"""What is carried: addresses, envelopes, the octets of a message, how they are written down, the replies they meet.

Values, and how octets become text. Nothing here knows a protocol, a socket, a clock or a role.
"""
