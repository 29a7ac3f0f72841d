"""Threads."""

from hypothesis import given
from hypothesis import strategies as st

from maillab.protocols.imap.commands import ThreadAlgorithm
from maillab.recipient.structure.threads import Branch, threads, written
from tests.recipient.structure.listed import ListedFolder, message

SUBJECT, REFERENCES = ThreadAlgorithm.ORDEREDSUBJECT, ThreadAlgorithm.REFERENCES


def folder_of(*messages):
    """A folder of messages, each a subject, its id, those it answers; sent in their order."""
    made = ListedFolder()
    for at, (subject, ident, *references) in enumerate(messages):
        fields = {"Message_ID": f"<{ident}>"} if ident else {}
        fields |= {"References": " ".join(f"<{one}>" for one in references)} if references else {}
        made.add(message(subject, **fields), internal=float(at))
    return made


def told(folder, algorithm=REFERENCES, numbers=None):
    """The threads as they are told."""
    searched = folder.searched()
    return written(
        threads(searched, range(len(folder.rows)) if numbers is None else numbers, algorithm), lambda at: at + 1
    ).decode()


def test_answers():
    """Whoever answers stands below whom they answer, however many there are (RFC 5256 5)."""
    folder = folder_of(("a", "1"), ("Re: a", "2", "1"), ("Re: a", "3", "1", "2"), ("Re: a", "4", "1"), ("b", "5"))
    assert told(folder) == "(1 (2 3)(4))(5)"
    assert told(folder, numbers=[0, 2, 3]) == "(1 (3)(4))"


def test_who_says_nothing_answers_nobody():
    """What others say of a message that answers nobody does not bind it, once it has been seen (RFC 5256 3, 1 B)."""
    assert told(folder_of(("a", "1"), ("c", "3", "1", "2"), ("b", "2"))) == "(1)(3 2)"


def test_messages_that_are_not_there():
    """Who is not there gives its place to its answers; at the top it stays, without a number, if there are several."""
    assert told(folder_of(("a", "2", "1"), ("b", "3", "1"))) == "((1)(2))"
    assert told(folder_of(("a", "2", "1"))) == "(1)"
    assert told(folder_of(("a", "1"), ("b", "4", "1", "2", "3"), ("c", "5", "1", "2"))) == "(1 (2)(3))"
    assert told(folder_of(("a", "9", "7", "8"), ("b", "6", "7"))) == "((1)(2))"


def test_subjects_tie_threads():
    """An answer without references joins the thread of its subject; two beginnings of one subject are siblings."""
    assert told(folder_of(("news", "1"), ("Re: news", "2"), ("Fwd: NEWS", ""))) == "(1 (2)(3))"
    assert told(folder_of(("Re: news", "2"), ("news", "1"))) == "(2 1)"
    assert told(folder_of(("news", "1"), ("news", "2"), ("Re: news", "3"), ("other", "4"))) == "((1)(2)(3))(4)"
    assert told(folder_of(("", "1"), ("", "2"))) == "(1)(2)"
    two = folder_of(("n", "2", "1"), ("n", "3", "1"), ("Re: n", "5", "4"), ("x", "6", "4"))
    assert told(two) == "((1)(2)(3)(4))"


def test_doubles_and_circles():
    """Of two messages with one id the first has it; whoever answers itself in a circle is told once."""
    assert told(folder_of(("a", "1"), ("b", "1"), ("c", "2", "1"))) == "(1 3)(2)"
    assert told(folder_of(("a", "1", "1"))) == "(1)"
    assert sorted(told(folder_of(("a", "1", "2"), ("b", "2", "1"))).replace("(", "").replace(")", "").split()) == [
        "1",
        "2",
    ]
    assert told(folder_of(("a", "1"), ("b", "2", "1", "2"))) == "(1 2)"


def test_a_circle_is_cut_where_the_message_itself_closes_it():
    """What a message says of itself ends what others said of it, even where it would make a circle (RFC 5256 3, 1 B)."""
    assert told(folder_of(("a", "1"), ("b", "2", "1", "3"), ("c", "3", "2"))) == "(1)(3 2)"


def test_by_subject():
    """The first of each subject, the others below it, in the order in which they were sent."""
    folder = folder_of(("b", "1"), ("a", "2"), ("Re: b", "3"), ("B", "4", "2"))
    assert told(folder, SUBJECT) == "(1 (3)(4))(2)"
    assert told(folder, SUBJECT, [1]) == "(2)"
    assert told(folder, SUBJECT, []) == told(folder, REFERENCES, []) == ""


def test_messages_that_are_gone():
    """A message that somebody removed meanwhile stands for itself."""
    folder = folder_of(("a", "1"), ("Re: a", "2", "1"))
    folder.contents.clear()
    assert told(folder) == "(1)(2)"


def test_long_conversations():
    """Ten thousand answers, one to the other, are one line."""
    chain = Branch(0)
    last = chain
    for at in range(1, 10_000):
        last.children.append(Branch(at))
        last = last.children[0]
    assert written([chain], lambda at: at).startswith(b"(0 1 2 3")
    backwards = folder_of(*((f"s{at}", str(at), str(at - 1)) for at in range(600, 0, -1)))
    assert told(backwards).count("(") == 1


IDS = st.sampled_from("1234567")


@given(st.lists(st.tuples(st.sampled_from(["", "a", "Re: a", "b"]), IDS, IDS, IDS), max_size=12))
def test_everybody_is_told_once(messages):
    """Whatever messages claim of one another, each is told exactly once."""
    folder = folder_of(*messages)
    for algorithm in ThreadAlgorithm:
        line = told(folder, algorithm)
        numbers = line.replace("(", " ").replace(")", " ").split()
        assert sorted(map(int, numbers)) == list(range(1, len(messages) + 1))
        assert line.count("(") == line.count(")")
        assert "()" not in line
