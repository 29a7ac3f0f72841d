"""The mail that people have, as it is read: mailboxes, lists, searches, opened messages and their parts.

No Textual here; what a stranger wrote is made safe before it becomes a line.
"""
