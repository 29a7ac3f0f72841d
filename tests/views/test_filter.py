"""The filter language."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillab.events import Closed, Deferred, Entry, Leg, Opened, Packet, Routed, Said, Side
from maillab.views.filter import DEEPEST, HELP, LONGEST, Context, FilterError, parse, select, table
from maillab.views.filter_terms import OF_MESSAGES, TERMS
from tests.lookups import looked_up
from tests.papers import page
from tests.views.sample import session


def found(text, entries=None, **how):
    return [entry.seq for entry in select(parse(text), session() if entries is None else entries, **how)]


def test_an_empty_filter_matches_everything():
    """Nothing is asked: everything matches."""
    assert found("  ") == [entry.seq for entry in session()]


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("leg:relay side:server", "leg:relay and side:server"),
        ("leg:submit or leg:relay side:client", "leg:submit or (leg:relay side:client)"),
        ("-leg:relay", "not leg:relay"),
        ("-(leg:relay or leg:submit)", "-leg:relay -leg:submit"),
        ("NOT LEG:RELAY OR side:Client", "not leg:relay or side:client"),
        ('"quit"', "quit"),
        ('header:"subject: chào"', "header:/^subject: chào$/"),
        ("not not quit", "quit"),
        ("/a|b/ - quit", "(/a/ or /b/) -quit"),
    ],
)
def test_words_between_terms(text, same):
    """Side by side is and; `or` binds less; `-` and `not` are one; parentheses group."""
    assert found(text) == found(same)
    assert 0 < len(found(text)) < len(session())


def test_the_name_of_a_conversation_alone():
    """Kind: what stands in a heading finds nothing. Its name alone is talk:NAME; in quotes the word is looked for."""
    assert found("submit-1") == found("Submit-1") == found("talk:submit-1") != []
    assert found("-submit-1 250") == found("250 -talk:submit-1") != []
    assert found('"submit-1"') != found("submit-1")
    assert found("submit-1x") == found('"submit-1x"') == []


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("fro: bob", 1, "did you mean from:?"),
        ("code:5xx (fro:bob)", 11, "did you mean from:?"),
        ("leg:relya", 5, "possible here: submit, lookup, relay, retrieve"),
        ("quit leg:Relay-6", 10, "this is one conversation; did you mean talk:relay-6?"),
        ("machine:mx1", 1, "did you mean host:?"),
        ("server:", 1, "did you mean host:?"),
        ("quit lge:relay", 6, "did you mean leg:?"),
        ("zzz:1", 1, "there are leg"),
        ("foo:bar", 1, "there are leg"),
        ("(leg:relay", 1, "never closed"),
        ("leg:relay)", 10, "closes nothing"),
        ("quit or", 8, "add what to look for after or"),
        ("or quit", 1, "add what to look for before or"),
        ("a and or b", 7, "add what to look for before or"),
        ("()", 2, "add what to look for after ("),
        ("-", 2, "add what to look for after -"),
        ('"quit', 1, "quotes are never closed"),
        ('"quit"x', 7, "a space"),
        ("/quit", 1, "never closed by /"),
        ("code:6xx", 6, "5xx, +OK"),
        ("ecode:5.1.1.1", 7, "5.1.x"),
        ("after:soon", 7, "1.5s"),
        ("tls:2", 5, "yes, no"),
        ("leg: relay", 5, "add what to look for after leg:"),
        ("side:client /a(b/", 15, "missing )"),
        ("header:/*/", 9, "nothing to repeat"),
        ("(" * 30, 21, "deep"),
        ("a" * 1001, 1001, "1000"),
    ],
)
def test_what_is_no_filter(text, column, words):
    """An error names the column and says what belongs there."""
    with pytest.raises(FilterError) as caught:
        parse(text)
    assert caught.value.column == column
    assert words in caught.value.text


def test_the_server_of_a_talk():
    """`host:` is everything that is said with a machine; a part of its name is enough."""
    servers = {entry.event.server for entry in session() if isinstance(entry.event, Opened)}
    for server in servers:
        talks = {entry.talk for entry in session() if isinstance(entry.event, Opened) and entry.event.server == server}
        of_talks = [entry.seq for entry in session() if entry.talk in talks]
        assert found(f"host:{server}") == found(f"host:{server[:-1]}") == of_talks
    assert len(servers) > 1


def test_only_some_terms():
    """A filter can be read with fewer terms than there are; another one is an error that names those."""
    assert parse("subject:hi -from:bob (to:a or body:b)", OF_MESSAGES)
    with pytest.raises(FilterError, match="there are from, to, subject, header, body") as caught:
        parse("to:bob leg:relay", OF_MESSAGES)
    assert caught.value.column == 8


def test_an_error_shows_the_place():
    """As a string, an error is the sentence, the filter, and a caret; nothing in it acts on a terminal."""
    with pytest.raises(FilterError) as caught:
        parse("thư\x1b[31m việt leg:x")
    assert str(caught.value).split("\n")[1:] == ["  thư␛[31m việt leg:x", " " * 20 + "^"]
    with pytest.raises(FilterError) as caught:
        parse("x " * 100 + "leg:x")
    _, shown, caret = str(caught.value).split("\n")
    assert len(shown) < 80
    assert shown[len(caret) - 1] == "x"


def test_matches_and_select_agree():
    """One by one, with a context that hears everything, the same entries match."""
    for example, _ in HELP["en"]:
        if "job:" not in example:
            context, one = Context(), parse(example)
            assert [entry.seq for entry in session() if one.matches(entry, context)] == found(example), example


def test_a_sequence_is_read_twice_for_jobs():
    """Of a whole session all that belongs to a job is found; of a stream what is known by then."""
    whole = found("job:L1.1 talk:submit-1")
    assert whole == found("talk:submit-1")
    assert found("job:L1.1 talk:submit-1", iter(session())) == [number for number in whole if number > 20]


def test_the_beginning_can_be_given():
    """Seconds count from the first entry, or from the moment that is given."""
    assert found("before:2s")[-1] == 2
    assert found("before:2s", start=-1.0) == [1]


def test_every_term_is_explained():
    """Each term stands in the help of both languages, with an example that is a filter, and in the manual."""
    manual = page("filters").read_text("utf-8")
    assert [row[0] for row in HELP["en"]] == [row[0] for row in HELP["vi"]]
    assert [row[0].partition(":")[0] for row in HELP["en"]][: len(TERMS)] == list(TERMS)
    for example, text in HELP["en"]:
        parse(example)
        assert f"| `{example}` | {text} |" in manual
    assert "chặng" in table("vi")


WORDS = [
    "leg:relay",
    "or",
    "and",
    "-",
    "not",
    "(",
    ")",
    "from:<>",
    "/x+/",
    '"a b"',
    "code:5",
    "job:*",
    "tls:",
    "x",
    ":",
    "/",
]
TEXTS = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join))


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_any_text_is_a_filter_or_an_error(text):
    """Only `FilterError` is raised, its column in the text or right behind it, and it can be shown."""
    try:
        parse(text)
    except FilterError as error:
        assert 1 <= error.column <= len(text) + 1  # noqa: PT017 - an error is allowed, not required
        assert str(error).encode()  # noqa: PT017 - likewise


PACKETS = st.one_of(
    st.binary(max_size=40), st.sampled_from([packet.octets for packet in looked_up("", "a. IN MX", "a. 1 IN MX 1 b.")])
)
EVENTS = st.one_of(
    st.builds(Said, st.sampled_from(["relay-1", "retrieve-1", "x", ""]), st.sampled_from(Side), st.binary(max_size=40)),
    st.builds(
        Said,
        st.sampled_from(["submit-1", "lookup-1"]),
        st.sampled_from(Side),
        st.sampled_from([b"MAIL FROM:<", b"RCPT TO: x", b"334", b"a. IN MX ?", b"+OK", b"", b"AUTH", b"."]),
        st.booleans(),
        st.tuples(st.integers(-3, 50), st.integers(-3, 50)),
    ),
    st.builds(
        Opened, st.just("relay-1"), st.sampled_from(Leg), st.text(max_size=5), st.text(max_size=5), st.booleans()
    ),
    st.builds(Deferred, st.just("L1.1"), st.just(("\ud800",)), st.text(max_size=9), st.integers()),
    st.builds(Packet, st.sampled_from(["lookup-1", "relay-1"]), st.sampled_from(Side), PACKETS),
    st.builds(Routed, st.just("L1.1"), st.just(("h",))),
    st.builds(Closed, st.just("relay-1"), st.text(max_size=5)),
)
EXAMPLES = [example for example, _ in HELP["en"]]


@settings(max_examples=200, deadline=None)
@given(st.lists(EVENTS, max_size=15))
def test_no_entry_makes_it_stumble(events):
    """Whatever the entries say, every term answers."""
    entries = [Entry(number, number / 7, event) for number, event in enumerate(events, 1)]
    for example in EXAMPLES:
        list(select(parse(example), entries))


TERMS_ALONE = [example for example in EXAMPLES if not re.search(r"\bA\b", example)]
ATOMS = [*TERMS_ALONE, "quit", "/25[01]/", "side:client", "event:said", "-event:said", '"mail from"', "error", "smtp"]


def joined(trees):
    """Filters made of others, written without a parenthesis that is not needed, and what they find."""
    everything = frozenset(found(""))
    return (
        st.tuples(trees, trees).map(
            lambda two: ("and", f"{one_of_all(two[0])} {one_of_all(two[1])}", two[0][2] & two[1][2])
        )
        | st.tuples(trees, trees).map(lambda two: ("or", f"{two[0][1]} or {two[1][1]}", two[0][2] | two[1][2]))
        | trees.map(lambda tree: ("one", f"-{one(tree)}", everything - tree[2]))
    )


def one(tree):
    """As it stands behind a minus."""
    return tree[1] if tree[0] == "one" else f"({tree[1]})"


def one_of_all(tree):
    """As it stands beside another that must match, too."""
    return f"({tree[1]})" if tree[0] == "or" else tree[1]


TREES = st.recursive(
    st.sampled_from(ATOMS).map(lambda text: ("all", text, frozenset(found(text)))), joined, max_leaves=8
)


@settings(max_examples=200)
@given(TREES)
def test_what_is_joined_finds_what_its_parts_find(tree):
    """Side by side both, with `or` either, with a minus the rest, however deep: each part finds what it finds alone."""
    _, text, expected = tree
    if len(text) <= LONGEST and text.count("(") + text.count("-") < DEEPEST:
        assert found(text) == sorted(expected), text
