"""What the window knows, as plain objects without Textual: each says its states as a union of small classes.

Commands change them; screens look at them and draw what they find.
"""
