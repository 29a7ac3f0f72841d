"""Textual's own writer."""

import io
import threading

from textual.drivers._writer_thread import WriterThread

from maillab.tui.terminal.writer import frames_waiting, never_wait


class Driver:
    """As Textual's, as far as it matters here."""

    def __init__(self, file):
        self._file = file
        self.start_application_mode()

    def start_application_mode(self):
        self._writer_thread = WriterThread(self._file)


class Gone(io.StringIO):
    """A terminal that has hung up."""

    def write(self, text):
        raise OSError(5, "Input/output error")


def test_the_queue_of_the_terminal():
    """The depth of its queue tells how far the terminal is behind."""
    driver = Driver(None)
    assert frames_waiting(driver) == 0
    driver._writer_thread._queue.put("frame")
    assert frames_waiting(driver) == 1
    assert frames_waiting(object()) == 0


def test_nobody_waits_for_a_terminal_that_is_gone():
    """More frames than its queue takes, and its end: all of it comes back."""
    driver = Driver(Gone())
    never_wait(driver)
    for _ in range(100):
        driver._writer_thread.write("frame")
    driver._writer_thread.stop()
    never_wait(object())


def test_a_terminal_that_is_still_there():
    """It is given back as it was: what is written arrives, in its order."""
    file = io.StringIO()
    driver = Driver(file)
    driver._writer_thread.start()
    never_wait(driver)
    for text in ("a", "b", "c"):
        driver._writer_thread.write(text)
    driver._writer_thread.stop()
    assert file.getvalue() == "abc"


def test_somebody_who_waits_already():
    """The terminal went, its writer died, and the queue is full: whoever waits for room in it is let go."""
    driver = Driver(Gone())
    writer = driver._writer_thread
    for _ in range(writer._queue.maxsize):
        writer.write("frame")
    waiting = threading.Thread(target=writer.write, args=("one more",), daemon=True)
    waiting.start()
    never_wait(driver)
    waiting.join(10)
    assert not waiting.is_alive()


def test_no_second_writer_for_a_terminal_that_is_gone():
    """The end of a terminal brings SIGCONT, too, at which Textual would begin with a writer that dies at once."""
    driver = Driver(Gone())
    never_wait(driver)
    driver.start_application_mode()
    for _ in range(100):
        driver._writer_thread.write("frame")
    driver._writer_thread.stop()
