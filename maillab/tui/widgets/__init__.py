"""The panes and bars of the window, one a file; each knows its own data and no other widget.

A widget posts a message about what a person did, in the past tense, and is told by attributes what to show.
"""
