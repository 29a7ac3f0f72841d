"""The machine that sends: takes messages from people, keeps them, finds the way, hands them over or reports failure.

It meets the receiving machine and the name server on sockets only.
"""
