"""maillab, a mail laboratory: the whole journey of a message on one computer.

    client ──SMTP──▶ sender ──DNS──▶ nameserver
    (people)           │  queue
       ▲               └──SMTP──▶ recipient ──▶ Maildir
       └──────────────POP3──────────┘

The machines share nothing but the wire, and every socket has an ear.

    cli         commands; stdout is data, stderr is talk
    testing     a lab as a pytest fixture
    selftest    proves by use whatever the doors announce
    web         the HTTP door: what programs in any language ask of a running lab
    tui         the window: the whole lab on one screen
    stories     stories that the lab can tell, as data, and who tells them
    running     the lab in a thread of its own
    lab         the desk: puts the machines on it, the only module that knows them all
    stored      messages in the mailboxes, as tests and scripts ask for them
    notice      where a running lab tells other processes of its doors
    endpoints   its open doors and accounts
    folder      where a lab keeps what must survive
    listeners   who listens on a port of this computer
    checked     what the types of a configuration cannot say
    source      a configuration file as it was written: its lines and keys
    config_file reads one from TOML
    config      the lab as one frozen value
    profiles    named sets of settings
    theme_names the colours of the window, by name
    client      the people who write and read
    sender      the machine that sends: submission, queue, route, relay, bounce
    nameserver  the machine that knows names
    recipient   the machine that receives: inbound, mailbox, POP3, IMAP
    recording   the fly on the wall: sessions saved, played, re-enacted, exported
    wire        the cables, and an ear on each
    views       what entries mean to the eye
    logbook     append, subscribe: the past first, then the present
    events      everything that can happen
    rules       what is disturbed: where, when, how often
    protocols   how protocols are written: bytes to values, no roles; and the one table of services
    database    SQLite files that hold promises
    journal     what SQLite passes over in silence
    manual      the reference, a page a topic
    durable     writing so that no crash takes it back
    system      what differs between operating systems
    spelling    which known word a mistyped one meant
    mail        what is carried: address, envelope, content, message, reply; how octets become text
"""

__version__ = "0.1.0"
