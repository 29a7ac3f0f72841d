"""The cables, and an ear on each: one driver of every server's dialogue, shells around sockets, TLS, limits, SASL.

A server knows its protocol but not the machine behind it: what to answer is asked of a `Reception` or a `Dialogue`.
"""
