"""The ways to look at an opened message, one a file: text, page, source of the page, headers, raw, parts, route.

No Textual and no bytes that act: each makes lines of safe pieces, within a budget, and never fails.
"""
