"""What is carried: addresses, envelopes, the octets of a message, the replies it meets.

Values only. Nothing here knows a protocol, a socket, a clock or a role.
"""
