"""What entries mean to the eye: transcript lines, glosses, safe text.

Text in, text out: no colours of a terminal library, no widgets, no sockets.
"""
