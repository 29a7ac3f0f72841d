"""What cannot be understood is told in the language of whoever asked."""

from tests.support import run
from tests.web.asking import asking


def test_in_two_languages(tmp_path):
    """A rule, a filter and a session that are none; the place is the same in both."""

    async def play():
        async with asking(tmp_path) as ask:
            for lang, rule, filter, session in (
                ("en", "did you mean rcpt? (column 4)", "there is no term", "line 1"),
                ("vi", "(cột 4)", "không có điều kiện", "dòng 1"),
            ):
                answer = await ask("POST", f"/maillab/v1/rules?lang={lang}", {"rule": "at rctp answer 451"})
                assert (answer.status, rule in answer.text) == (400, True), answer.text
                answer = await ask("POST", "/maillab/v1/rules", {"rule": "at rctp answer 451"}, Accept_Language=lang)
                assert (answer.status, rule in answer.text) == (400, True), answer.text
                answer = await ask.get(f"/maillab/v1/entries?filter=kode:5xx&lang={lang}")
                assert (answer.status, filter in answer.text, answer.text.endswith("\n  ^")) == (400, True, True)
                answer = await ask("PUT", f"/maillab/v1/sessions/bad?lang={lang}", "nothing")
                assert (answer.status, session in answer.text) == (400, True), answer.text

    run(play())
