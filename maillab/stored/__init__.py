"""Messages that lie in a lab's mailboxes, as tests and scripts ask for them: found by a query, opened, read.

Quiet: files of the lab folder are read, never written or locked, and nothing is said to a server. Whoever looks on
changes nothing of what is looked at: no talk in the transcript, no mailbox that is in use.
"""
