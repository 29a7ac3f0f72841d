"""What is said for a moment."""

from maillab.tui.state.said import LASTS, MOST, SaidWords


def texts(words):
    return [word.text for word in words.words]


def test_for_a_moment():
    """What is bad can be read longer than what is good; then it is gone."""
    words = SaidWords()
    words.say("sent", "good", 0.0)
    words.say("refused", "bad", 0.0)
    assert not words.pass_time(5.0)
    assert texts(words) == ["sent", "refused"]
    assert words.pass_time(LASTS["good"])
    assert texts(words) == ["refused"]
    assert words.pass_time(20.0)
    assert texts(words) == []


def test_a_plain_word_gives_way():
    """To whatever comes next; what matters stays, and nothing stands twice; an empty word takes the plain one away."""
    words = SaidWords()
    words.say("sending", "plain", 0.0)
    words.say("bounced", "bad", 0.0)
    assert texts(words) == ["bounced"]
    words.say("accepted", "plain", 1.0)
    words.say("accepted", "plain", 1.0)
    assert texts(words) == ["bounced", "accepted"]
    words.say("", "plain", 3.0)
    assert texts(words) == ["bounced"]
    words.hush()
    assert texts(words) == []


def test_news():
    """What came since, but for plain words, and but for what was said before."""
    words = SaidWords()
    words.say("rule applied", "warn", 0.0)
    words.say("sending", "plain", 1.0)
    before = words.words
    assert not words.has_news_since(before)
    words.say("saved", "plain", 1.0)
    assert not words.has_news_since(before)
    words.say("delivered", "good", 2.0)
    assert words.has_news_since(before)


def test_what_is_taken_back():
    """It is said no longer; everything else still is."""
    words = SaidWords()
    for text in ("nothing to compare", "delivered"):
        words.say(text, "bad", 0.0)
    words.take_back({"nothing to compare", "something else"})
    assert texts(words) == ["delivered"]


def test_not_more_than_a_few():
    """The oldest goes."""
    words = SaidWords()
    for number in range(9):
        words.say(str(number), "warn", 0.0)
    assert texts(words) == ["6", "7", "8"]
    assert MOST == 3
