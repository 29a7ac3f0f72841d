"""EACH SITE IN A PROCESS OF ITS OWN: for loads that one processor cannot carry (`maillab serve --processes`).

The machines share nothing but the wire, so they need not share a process. What they write down comes to the lab over a
socket and is put into one logbook, in the order in which it happened.
"""
