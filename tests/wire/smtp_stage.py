"""An SMTP dialogue on the stage, in front of a machine that takes everything for local.test."""

from maillab.logbook import Logbook
from maillab.mail.address import Address
from maillab.mail.reply import Refused, Reply
from maillab.protocols.smtp import SMTP
from maillab.rules.language import parse
from maillab.rules.live import Rules
from maillab.wire.accounts import Anybody
from maillab.wire.disturb import Point
from maillab.wire.disturber import Disturber
from maillab.wire.limits import Limits
from maillab.wire.smtp_config import SmtpConfig
from maillab.wire.smtp_server import SmtpDialogue
from maillab.wire.strings import STRINGS
from tests.dialogues import stage
from tests.wire.talking import Clerk, Everyone

GIVEN = {  # word of a script: options of the service
    "strict": {"classroom": False},
    "tls": {"tls": True},
    "people": {"people": Everyone()},
    "weak": {"people": Everyone(), "plaintext_auth": True},
    "anybody": {"people": Anybody("local.test"), "plaintext_auth": True},
    "no reports": {"dsn": False},
    "order": {"leniency": frozenset({"order"})},
    "other words": {"strings": STRINGS["test-mail-server"]},
}


class Stage(stage.Stage):
    """`words` are what is different from the usual: rows of GIVEN, or

    without DSN     limit errors 2     rule at mail drop once
    refuses 452 4.3.1 Disk full        breaks     no room     secure     patient
    """

    def __init__(self, spool, words=(), **options):
        self.clerk, self.told_messages = Clerk(), 0
        options, rules, without, limits = dict(options), [], set(), {}
        for word in words:
            name, _, rest = word.partition(" ")
            if name == "without":
                without.add(rest)
            elif name == "limit":
                limit, number = rest.split()
                limits[limit] = int(number)
            elif name == "rule":
                rules.append(parse(rest))
            elif name == "refuses":
                self.clerk.fault = Refused(reply(rest))
            elif word == "no room":
                self.clerk.room = 0
            elif name == "breaks":
                self.clerk.fault = ValueError("x\r\n250 OK")
            else:
                options |= GIVEN.get(word, {})
        defaults = {"dsn": True, "limits": Limits(**limits), "without": frozenset(without)}
        options = defaults | {"reference": lambda: "ref1"} | options
        config = SmtpConfig("mx.local.test", "local.test", self.clerk, spool, **options)
        self.make = lambda talk, peer, secure: SmtpDialogue(config, talk, peer, secure=secure or "secure" in words)
        dialogue = self.make("relay-1", "127.0.0.1", False)
        self.rules = Rules(rules=rules)
        point = Point(self.rules, Logbook(clock=lambda: 0.0), "relay-1", SMTP, "smtp", "local.test")
        disturber = Disturber(point, dialogue.known, "127.0.0.1", secure=False)
        super().__init__(dialogue, tries=99 if "patient" in words else 3, disturber=disturber)

    def next_kept(self):
        """The next envelope that was taken, as a script writes it."""
        if self.told_messages == len(self.clerk.messages):
            return "nothing"
        envelope, _ = self.clerk.messages[self.told_messages]
        self.told_messages += 1
        return written(envelope)

    @property
    def last_content(self):
        """The content of the message that was named last."""
        return self.clerk.messages[self.told_messages - 1][1]


def reply(text):
    """A reply as a script writes it."""
    code, enhanced, words = text.split(" ", 2)
    return Reply(int(code), enhanced, (words,))


def written(envelope):
    """An envelope as a script writes it."""
    assert envelope.sender is None or isinstance(envelope.sender, Address)
    recipients = []
    for recipient in envelope.recipients:
        asked = [f"NOTIFY={','.join(recipient.notify)}"] * bool(recipient.notify)
        asked += [f"ORCPT={recipient.orcpt}"] * bool(recipient.orcpt)
        recipients.append(" ".join([str(recipient.address), *asked]))
    parameters = ["BODY=8BITMIME"] * envelope.eight_bit + ["SMTPUTF8"] * envelope.smtputf8
    parameters += [f"RET={envelope.ret}"] * bool(envelope.ret) + [f"ENVID={envelope.envid}"] * bool(envelope.envid)
    return " ".join([f"{envelope.sender or '<>'}", *parameters]) + " > " + ", ".join(recipients)


def act(played, step, *, octet_by_octet=False):
    """One step of a script; gives a complaint or None."""
    if step.mark == "Kept:":
        kept = played.next_kept()
        return None if kept == step.text else f"kept is {kept!r}"
    if step.mark == "Kept|":
        return None if played.last_content == step.octets else f"the content is {played.last_content!r}"
    return stage.act(played, step, octet_by_octet=octet_by_octet)
