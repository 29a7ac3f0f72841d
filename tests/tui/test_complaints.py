"""Errors in sentences."""

from maillab.endpoints import BusyPort
from maillab.tui.complaints import complaint


def test_complaint():
    """What a person may read of it; of several, the first."""
    assert complaint(None) == ""
    assert complaint(ValueError("no such key")) == "no such key"
    assert complaint(ValueError()) == "ValueError"
    assert complaint(KeyError("x")) == "'x'"
    assert complaint(ZeroDivisionError("by zero")) == "ZeroDivisionError: by zero"
    assert complaint(ExceptionGroup("several", [ValueError("one"), ValueError("two")])) == "one"


def test_no_number_of_the_system():
    """What went wrong with a file, and which; never its errno."""
    assert (
        complaint(BusyPort("smtp", 25, OSError(98, "Address already in use"))) == "port 25 is taken by another program"
    )
    assert complaint(FileNotFoundError(2, "No such file or directory", "a.txt")) == "a.txt: no such file or directory"
    assert complaint(IsADirectoryError(21, "Is a directory", 3)) == "is a directory"  # 3 is the number of a handle
    assert complaint(FileExistsError(17, "the file is there already", "a")) == "a: the file is there already"
