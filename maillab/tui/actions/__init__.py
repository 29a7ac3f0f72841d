"""THE TABLE of all that a person can do in the window, one file an area: name, keys, words, and the function.

Key bar, keys in borders, palette, help and the manual are views of it. A new key is a row here and a function in
commands/.
"""
