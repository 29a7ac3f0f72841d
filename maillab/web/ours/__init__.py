"""The routes under /maillab/v1/: what no other mail server has to tell.

The conversation itself, the machines, the rules, the clock, the saved sessions.
"""
