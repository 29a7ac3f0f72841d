"""THE PROOF: an own lab, and for each thing that its doors announce somebody who uses it, as a stranger would.

What is announced without a proof here is as bad as a lie. To add a capability to a door, add its proof to the table of
the protocol: `smtp.py`, `pop3.py`, `imap.py`, `dns.py`, `http.py`. Nothing here is used by a lab that only serves.
"""
