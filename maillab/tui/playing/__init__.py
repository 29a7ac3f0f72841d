"""Saved sessions: found, named, looked into, played, told, compared. A replay opens no socket.

No Textual here: time is passed in, and a widget draws the line of a session.
"""
