"""The reference, a page a topic, in Markdown: en/ has every page, vi/ those that are translated.

Read by `maillab help`, by F1 in the window, and as files. Nothing here knows a terminal or a widget.
"""
