"""The cables, and an ear on each: servers on sockets, TLS, limits, the clock, SASL.

A cable knows its protocol but not the machine behind it: what to answer is asked of a `Reception` or a `Dialogue`.
"""
