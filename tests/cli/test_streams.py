"""Standard output reaches every reader, and tells when it does not."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from maillab.cli.main import run
from maillab.cli.streams import Err, Out, OutputError, colours, put, settled
from tests.house import ROOT


class Disk(io.RawIOBase):
    """A disk that is full for as long as `error` says."""

    def __init__(self, error: OSError | None) -> None:
        self.error = error
        self.taken = b""

    def writable(self) -> bool:
        return True

    def write(self, octets: bytes) -> int:
        if self.error is not None:
            raise self.error
        self.taken += bytes(octets)
        return len(octets)


def on(disk: Disk, encoding: str = "utf-8") -> io.TextIOWrapper:
    """A stream, as the interpreter makes them, to this disk."""
    return io.TextIOWrapper(io.BufferedWriter(disk), encoding=encoding)


def put_on(out: Out, line: str) -> None:
    """A line, at once."""
    out.write(f"{line}\n")
    out.flush()


FULL, GONE = OSError(28, "No space left on device"), BrokenPipeError(32, "Broken pipe")


def test_encoding() -> None:
    """What the terminal's encoding lacks becomes an escape, and so does half of a pair of surrogates."""
    disk = Disk(None)
    out = Out(on(disk, "ascii"))
    out.writelines(["Chào", " \ud800"])
    out.flush()
    assert disk.taken == b"Ch\\u00e0o \\ud800"  # T281


def test_json_stays_json() -> None:
    """Kind: --json that is no JSON. What the encoding lacks is written as JSON writes it, whoever made the text."""
    disk = Disk(None)
    out = Out(on(disk, "latin-1"))
    out.write(json.dumps({"text": "Chào 😀 “ạ”"}, ensure_ascii=False))
    out.flush()
    assert json.loads(disk.taken.decode("latin-1")) == {"text": "Chào 😀 “ạ”"}


def test_a_full_disk_and_a_reader_who_left(capsys: pytest.CaptureFixture[str]) -> None:
    """Kind: an error of output taken for one of a file or of the network. It is no OSError; a full disk is told once."""
    for error, gone, said in ((FULL, False, "maillab: cannot write to standard output: No space left on device\n"),
                              (GONE, True, "")):  # fmt: skip
        out = Out(on(Disk(error)))
        for write in (lambda out=out: out.write("x"), lambda out=out: out.buffer.write(b"x")):
            write()
            with pytest.raises(OutputError) as caught:
                out.flush()
            assert (caught.value.gone, isinstance(caught.value, OSError)) == (gone, False)
        assert capsys.readouterr().err == said
        assert (out.failed, out.incomplete) == (True, not gone)


def test_room_again(capsys: pytest.CaptureFixture[str]) -> None:
    """A disk that has room again takes lines again, and that something is missing is said."""
    disk = Disk(FULL)
    out = Out(on(disk))
    for _ in range(3):
        with pytest.raises(OutputError):
            put_on(out, "x" * 9000)
    disk.error = None
    out.flush()
    put_on(out, "after")
    assert disk.taken.endswith(b"after\n")
    err = capsys.readouterr().err
    assert [err.count("cannot write"), err.count("works again; the lines in between are missing")] == [1, 1]


def test_a_stream_that_is_closed() -> None:
    """Python says ValueError for a stream that it closed itself; other ValueErrors are ours."""
    stream = on(Disk(None))
    stream.close()
    with pytest.raises(OutputError, match="Bad file descriptor"):
        Out(stream).write("x")
    with pytest.raises(ValueError, match="tell"):
        Out(io.StringIO())._try(lambda: (_ for _ in ()).throw(ValueError("tell")))


def test_nobody_to_tell() -> None:
    """Trouble with stderr is told to nobody."""
    err = Err(on(Disk(FULL)))
    err.write("x")
    err.flush()
    assert err.failed


@pytest.mark.parametrize(("code", "error", "expected"), [(0, FULL, 1), (3, FULL, 3), (0, GONE, 0), (21, GONE, 21)])
def test_the_code_of_a_command(
    code: int, error: OSError, expected: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A command that did its work keeps its code; one whose output is incomplete has failed, unless nobody reads."""
    monkeypatch.setattr(sys, "stdout", on(Disk(error)))
    before = sys.stdout

    def work() -> int:
        sys.stdout.write("x")
        return code

    assert settled(work) == expected
    assert sys.stdout is before


@pytest.mark.parametrize(("error", "expected"), [(FULL, 1), (GONE, 0)])
def test_the_output_ends_the_work(
    error: OSError, expected: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """So it is where the error ends a command, alone, in a task, or from argparse; other errors are not swallowed."""
    stream = on(Disk(error))
    monkeypatch.setattr(sys, "stdout", stream)

    def alone() -> int:
        put("x")
        return 99

    def in_a_task() -> int:
        try:
            return alone()
        except OutputError as trouble:
            raise ExceptionGroup("tasks", [trouble]) from None

    def with_a_fault() -> int:
        try:
            return alone()
        except OutputError as trouble:
            raise ExceptionGroup("tasks", [trouble, KeyError("ours")]) from None

    assert [settled(alone), settled(in_a_task)] == [expected, expected]
    with pytest.raises(ExceptionGroup):
        settled(with_a_fault)
    with pytest.raises(SystemExit) as end:
        run(["--help"])
    assert (end.value.code or 0) == expected


def test_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Colours are for terminals that did not say no."""
    for terminal, environ, expected in ((True, {}, True), (True, {"NO_COLOR": ""}, False), (False, {}, False)):
        monkeypatch.setattr(sys.stdout, "isatty", lambda terminal=terminal: terminal, raising=False)
        monkeypatch.setattr("os.environ", {"TERM": "xterm", **environ})
        assert colours() is expected


@pytest.mark.parametrize(
    ("redirection", "code", "said"),
    [
        ("> /dev/full", 1, "maillab: cannot write to standard output: No space left on device\n"),
        (">&-", 1, "maillab: cannot write to standard output: Bad file descriptor\n"),
        ("2> /dev/full >&2", 1, ""),
        ("| true", 0, ""),
        ("<&- >&- 2>&-", 1, ""),
    ],
)
def test_a_real_shell(redirection: str, code: int, said: str) -> None:
    """A shell sees what it sees of cat, also when the interpreter ends."""
    line = f"set -o pipefail; {sys.executable} -m maillab --version {redirection}"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, cwd=ROOT, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (code, said)


def test_numbers_of_closed_streams(tmp_path: Path) -> None:
    """Kind: a file that gets the number of a closed stream. Nothing written to stderr reaches a file of ours."""
    code = (
        "from maillab.cli.streams import repair; repair(); import os, sys\n"
        f"handle = os.open({str(tmp_path / 'file')!r}, os.O_RDWR | os.O_CREAT)\n"
        "sys.stderr.write('x'); sys.stderr.flush(); sys.exit(handle)"
    )
    done = subprocess.run(["bash", "-c", f'{sys.executable} -c "$0" <&- >&- 2>&-', code], cwd=ROOT, check=False)
    assert done.returncode > 2
    assert os.stat(tmp_path / "file").st_size == 0
