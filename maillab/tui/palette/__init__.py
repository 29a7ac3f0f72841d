"""What can be found by typing: every command, setting, story and session; and words of mail that answer themselves.

No Textual here: these rank and word; the dialog draws.
"""
