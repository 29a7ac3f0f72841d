"""THE FLY ON THE WALL. It sat there, saw everything, said nothing, and remembers it in a file you can read.

A session is the logbook on paper: who plays it back sees what was seen. It keeps no secrets: they are struck
out before the ink touches the paper. It leans on the logbook and the wire's words, and knows no machine.
"""
