"""The lab behind the window: its thread, how its machines stand, what is asked of them, what is worth a word at once.

No Textual here, and nothing of a machine is read but what `running` allows.
"""
