"""The people who write and read: compose a message, submit it, fetch mail by POP3.

They know the servers only as host and port; nothing here looks into a machine.
"""
