"""THE WINDOW: the whole lab on one screen, and the only room that knows Textual.

It reads logbooks and asks a lab for things; it talks to nobody's machine itself. Logbook, refresher, model,
widgets: one way. Data goes down by attributes, messages go up; a widget knows no other.
"""
