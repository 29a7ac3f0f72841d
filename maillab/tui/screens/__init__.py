"""The modes of the window, each with its style sheet beside it: only a screen knows which widgets are neighbours."""
