"""The commands by name, each with the sentence that a list of them shows. Nothing of a command is imported for it."""

COMMANDS = {  # in the order in which a newcomer meets them
    "demo": "tell a story of a message, offline, every line explained",
    "serve": "run the lab: all its servers, and the live transcript",
    "send": "send one message and show the conversation",
    "read": "a saved message, decoded: .eml, mbox or Maildir",
    "talk": "type SMTP, POP3 or IMAP by hand, each reply explained",
    "env": "the settings that point a program at the running lab",
    "ready": "does a lab run, with its ports open? The exit code says it",
    "wait": "until the running lab has a message, and print it",
    "assert": "are there such messages in the lab? The exit code says it",
    "replay": "a saved session: look at it again, or do it again",
    "export": "a saved session as text, JSON, Markdown, HTML, Mermaid, pcapng...",
    "diff": "compare two saved sessions",
    "explain": "what a word, a command, a reply code or a port means",
    "doctor": "does this computer have what the lab needs?",
    "locate": "where the lab keeps its files",
    "config": "the configuration in force, and where it comes from",
    "completion": "the completion script for a shell",
    "help": "the manual: a list of its pages, or one page",
}

OTHER_WORDS = {
    "compare": "diff",
    "start": "serve",
    "up": "serve",
    "open": "replay",
    "play": "replay",
    "record": "serve",
}
"""Words that people try, and the command that does what they mean."""
