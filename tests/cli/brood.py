"""Runs command lines in processes of their own, under the standard streams that each case asks for.

Reads cases from stdin and writes what became of them to stdout, as JSON. Every case is a fork of this process, which has
imported the program once: a hundred runs cost what four would. What the interpreter does at its start and at its end
is done here: a closed stream is None, and what waits in a stream is written at last.
"""

import io
import json
import os
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path

from maillab.__main__ import main
from tests.nest import import_house

AT_ONCE = 3
LONGEST = 20.0  # seconds for one case


def start(case):
    """Fork; gives the process, the files of its stdout and stderr, and when it began."""
    out, err = tempfile.TemporaryFile(), tempfile.TemporaryFile()  # noqa: SIM115 - closed with this process
    pid = os.fork()
    if pid == 0:
        try:
            become(case, {"1": out.fileno(), "2": err.fileno()})
        finally:
            os._exit(99)
    return {"pid": pid, "out": out, "err": err, "case": case, "began": time.monotonic(), "told": False}


def become(case, files):
    """In the new process: the streams, the environment, the command, the end. Never comes back."""
    signal.set_wakeup_fd(-1)
    os.chdir(case["folder"])
    os.environ.clear()
    os.environ.update(case["environ"])
    for number in (0, 1, 2):
        open_stream(number, case["streams"].get(str(number), "usual"), case["input"], files)
    for name, number, mode in (("stdin", 0, "r"), ("stdout", 1, "w"), ("stderr", 2, "w")):
        stream = None
        if case["streams"].get(str(number)) != "closed":
            errors = "backslashreplace" if number == 2 else "strict"
            stream = os.fdopen(number, mode, encoding=case["encoding"], errors=errors, closefd=False)
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    sys.argv = ["maillab", *case["argv"]]
    try:
        code = main()
    except SystemExit as end:
        code = end.code or 0
    except BaseException:
        code = 1
        complaint = traceback.format_exc()
        if sys.stderr is not None:
            sys.stderr.write(complaint)
        os.write(files["2"], complaint.encode())
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except (OSError, ValueError):
            code = 120  # as the interpreter has it
    os._exit(code)


def open_stream(number, how, octets, files):
    """Make descriptor `number` what the case asks for; `files` keep what is said where that is usual."""
    if how == "closed":
        os.close(number)
    elif how == "full":
        os.dup2(os.open("/dev/full", os.O_WRONLY), number)
    elif how == "gone":
        reader, writer = os.pipe()
        os.close(reader)
        os.dup2(writer, number)
    elif number == 0:
        reader, writer = os.pipe()
        os.write(writer, octets.encode())
        os.close(writer)
        os.dup2(reader, 0)
    else:
        os.dup2(files[str(number)], number)


def look(run):
    """Is it over? A lab that has opened its doors is told to end, as by a person."""
    pid, status = os.waitpid(run["pid"], os.WNOHANG)
    if pid:
        return os.waitstatus_to_exitcode(status)
    if not run["told"] and Path(run["case"]["notice"]).exists():
        run["told"] = True
        os.kill(run["pid"], signal.SIGTERM)
    if time.monotonic() - run["began"] > LONGEST:
        os.kill(run["pid"], signal.SIGKILL)
    return None


def text(file):
    """What was written there."""
    file.seek(0)
    return file.read().decode("utf-8", "backslashreplace")


def run_all(cases):
    """Run them, a few at once; gives code, stdout and stderr of each, in their order."""
    waiting, running, results = list(enumerate(cases)), {}, {}
    while waiting or running:
        while waiting and len(running) < AT_ONCE:
            number, case = waiting.pop(0)
            running[number] = start(case)
        for number, run in list(running.items()):
            if (code := look(run)) is not None:
                results[number] = {"code": code, "out": text(run["out"]), "err": text(run["err"])}
                del running[number]
        time.sleep(0.005)
    return [results[number] for number in range(len(cases))]


if __name__ == "__main__":
    import_house()
    cases = json.load(io.TextIOWrapper(io.FileIO(0, closefd=False), encoding="utf-8"))
    sys.stdout.write(json.dumps(run_all(cases)))
