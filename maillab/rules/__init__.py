"""WHAT IS DISTURBED: rules, each of which says where, when, how often, and what is done to what is said.

Quiet: a server asks `Rules` with a `Moment` and is told the effects; octets are disturbed on paper (`shape.py`), and
`wire/disturb.py` plays that on a socket. A rule can break a talk; it can never lose a message that was answered 250.
"""
