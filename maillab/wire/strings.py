"""What a server says in the words of another program, so that a client written for that one meets what it knows.

A row for each program; the keys are the moments of a talk. Replies that are not in a row stay ours.
"""

STRINGS: dict[str, dict[str, str]] = {
    "test-mail-server": {  # release 1.0, the server of a course
        "greeting": "220 Test Mail Server",
        "hello": "250 OK",
        "sender": "250 sender <{}> OK",
        "recipient": "250 recipient <{}> OK",
        "content": '354 enter mail, end with line containing only "."',
        "taken": "250 {} bytes accepted",
        "unknown": "500 ERROR",
        "POP3 greeting": "+OK Test Mail Server",
    },
}
