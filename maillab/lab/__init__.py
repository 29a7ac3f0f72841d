"""THE DESK: puts the machines on it and plugs in the cables. The only room that knows them all.

Nothing is decided here. A machine is made from what its room offers and what the configuration says; machines are
given names, ports and passwords, never one another.
"""

from maillab.lab.desk import Lab

__all__ = ["Lab"]
