"""What stands in a line, field by field: for the pane that explains, for `maillab explain`, for whoever shows a line.

Rules for this room: no Textual, no sockets. It explains what is there and judges nothing; no octets raise an exception.
What comes out may hold what a stranger wrote: whoever shows it makes it safe. Passwords and proofs never come out.
"""
