"""How anything looks: themes and their contrast, and the one place where text from outside becomes something drawn.

No widget names a colour: styles do, and every pair of them that is used can be read.
"""
