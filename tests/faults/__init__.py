"""Faults of the machine, and its limits: what is promised when the disk, the descriptors, the memory or the clock fail,
and whatever is sent to a door. Real sockets and files; what fails is a call of the system, as near to it as possible.

Power loss and killing are elsewhere (tests/durability).
"""
