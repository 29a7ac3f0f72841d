"""The machine that knows names: an authoritative DNS server for the zones of the lab.

It never forwards a question and never answers for a name outside its zones.
"""
