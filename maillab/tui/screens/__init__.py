"""The modes of the window, one a file: only a screen knows which widgets are neighbours.

What stands where at which size is said in `window.tcss` alone; what is known comes from the window's model.
"""
