"""What can be done in every mode, by subject: each file is a part of the window's own class, and has its actions.

A command asks (a dialog), does (an errand) and says what came of it; it draws nothing.
"""
