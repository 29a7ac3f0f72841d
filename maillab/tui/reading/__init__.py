"""All that is said, as it is read: the model of the entries, filters, search, rows and lines of the wire, explanations.

No Textual here: a widget draws what these make.
"""
