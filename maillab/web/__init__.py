"""The HTTP door: what programs in any language ask of a running lab, by Mailpit's routes and by our own.

Only this room knows Starlette and uvicorn. It looks at the lab as a person at the desk does: it reads the inboxes,
sends by submission, and disturbs by rules. It is no machine, and nothing that it says is mail.
"""
