"""Whatever is asked in whatever order over HTTP: after each question the lists tell what a model says that is a dictionary."""

import random

from tests.support import run
from tests.web.asking import asking

TAGS = ["red", "blue", "two words", "é"]


class HttpModel:
    """What there is: messages by id, and rules by number."""

    def __init__(self, ask, dice):
        self._ask, self._dice = ask, dice
        self.messages, self.rules, self._count = {}, {}, 0

    async def step(self):
        """Do one thing."""
        await self._dice.choice([
            self.bring, self.bring, self.open, self.mark, self.tag, self.tag, self.rename, self.remove_tag, self.remove,
            self.remove_found, self.ask_wrongly, self.add_rule, self.switch_rule, self.remove_rule,
        ])()  # fmt: skip

    def some(self):
        """Ids of some messages, of one or none."""
        return self._dice.sample(sorted(self.messages), self._dice.randint(0, min(2, len(self.messages))))

    async def good(self, method, path, body=None):
        answer = await self._ask(method, path, body, Accept="*/*")
        assert answer.status in (200, 201), (method, path, body, answer.text)
        return answer

    async def bring(self):
        self._count += 1
        word = f"word{self._count}x"
        await self._ask.bring(
            f"From: alice@sender.test\r\nTo: bob@recipient.test\r\nSubject: {word}\r\n\r\nhi\r\n".encode()
        )
        [found] = await self._ask.listed(f"subject:{word}")
        assert found["ID"] not in self.messages
        self.messages[found["ID"]] = {"word": word, "read": False, "tags": set()}

    async def open(self):
        for ident in self.some():
            assert (await self.good("GET", f"/api/v1/message/{ident}")).json["Subject"] == self.messages[ident]["word"]
            self.messages[ident]["read"] = True

    async def mark(self):
        ids, read = self.some(), self._dice.random() < 0.5
        await self.good("PUT", "/api/v1/messages", {"IDs": ids, "Read": read})
        for ident in ids or self.messages:  # nobody named is everybody
            self.messages[ident]["read"] = read

    async def tag(self):
        ids, tags = self.some(), self._dice.sample(TAGS, self._dice.randint(0, 2))
        await self.good("PUT", "/api/v1/tags", {"IDs": ids, "Tags": tags})
        for ident in ids:
            self.messages[ident]["tags"] = set(tags)

    async def rename(self):
        old, new = self._dice.choice(TAGS), self._dice.choice(TAGS)
        await self._of_tag("PUT", old, {new}, {"Name": new})

    async def remove_tag(self):
        await self._of_tag("DELETE", self._dice.choice(TAGS), set())

    async def _of_tag(self, method, tag, instead, body=None):
        tagged = [message for message in self.messages.values() if tag in message["tags"]]
        answer = await self._ask(method, f"/api/v1/tags/{tag.replace(' ', '%20').replace('é', '%C3%A9')}", body)
        assert answer.status == (200 if tagged else 400), answer.text
        for message in tagged:
            message["tags"] = message["tags"] - {tag} | instead

    async def remove(self):
        if ids := self.some():
            await self.good("DELETE", "/api/v1/messages", {"IDs": ids})
            for ident in ids:
                del self.messages[ident]

    async def remove_found(self):
        for ident in self.some()[:1]:
            await self.good("DELETE", f"/api/v1/search?query=subject:{self.messages[ident]['word']}")
            del self.messages[ident]

    async def ask_wrongly(self):
        method, path, body, status = self._dice.choice([
            ("GET", "/api/v1/message/nobody", None, 404), ("PUT", "/api/v1/messages", b"{", 400), ("DELETE", "/api/v1/search", None, 400),
            ("PUT", "/api/v1/tags", {"IDs": "x"}, 400), ("POST", "/maillab/v1/rules", {"rule": "at moon drop"}, 400),
            ("DELETE", "/maillab/v1/rules/999999", None, 404), ("PATCH", "/api/v1/messages", None, 405), ("GET", "/api/v9", None, 404),
            ("PUT", "/api/v1/messages", b"[" * 9000, 400), ("PUT", "/api/v1/messages", {"IDs": ["\0"], "Read": True}, 200),
        ])  # fmt: skip
        answer = await self._ask(method, path, body)
        assert answer.status == status, (method, path, answer.status, answer.text[:200])

    async def add_rule(self):
        text = f"at rcpt to:x{self._dice.randrange(1000)}@nowhere.test answer 451"
        told = (await self.good("POST", "/maillab/v1/rules", {"rule": text})).json
        assert told["number"] not in self.rules
        self.rules[told["number"]] = (text, True)

    async def switch_rule(self):
        for number in self._dice.sample(sorted(self.rules), min(1, len(self.rules))):
            on = self._dice.random() < 0.5
            await self.good("PUT", f"/maillab/v1/rules/{number}", {"on": on})
            self.rules[number] = (self.rules[number][0], on)

    async def remove_rule(self):
        for number in self._dice.sample(sorted(self.rules), min(1, len(self.rules))):
            await self.good("DELETE", f"/maillab/v1/rules/{number}")
            del self.rules[number]

    async def compare(self):
        """All lists, and the searches by state and by tag."""
        page = (await self.good("GET", "/api/v1/messages?limit=1000")).json
        told = {
            one["ID"]: {"word": one["Subject"], "read": one["Read"], "tags": set(one["Tags"])}
            for one in page["messages"]
        }
        assert told == self.messages
        unread = [ident for ident, message in self.messages.items() if not message["read"]]
        assert (page["total"], page["unread"], page["messages_count"]) == (len(told), len(unread), len(told))
        assert {one["ID"] for one in await self._ask.listed("is:unread")} == set(unread)
        tag = self._dice.choice(["red", "blue"])
        assert {one["ID"] for one in await self._ask.listed(f"tag:{tag}")} == {
            i for i, one in self.messages.items() if tag in one["tags"]
        }
        assert set((await self.good("GET", "/api/v1/tags")).json) == set().union(
            *(one["tags"] for one in self.messages.values())
        )
        rules = (await self.good("GET", "/maillab/v1/rules")).json["rules"]
        assert {rule["number"]: (rule["rule"], rule["on"]) for rule in rules} == self.rules


def ask_by_chance(folder, dice):
    """Forty steps in a new lab; gives how many these were."""
    steps = 40

    async def story():
        async with asking(folder) as ask:
            model = HttpModel(ask, dice)
            for _ in range(steps):
                await model.step()
                await model.compare()

    run(story(), 300)
    return steps


def test_by_chance(tmp_path):
    """Messages, tags and rules, asked for by chance: what is told is what was done."""
    ask_by_chance(tmp_path, random.Random(1))
