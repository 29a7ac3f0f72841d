"""The shape of the house: who may lean on whom, who may make noise, and what must be written on every door."""

import argparse
import ast
import functools
import re
import subprocess
import sys
import typing
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
import pytest

from maillab import config, events
from maillab.cli.commands import COMMANDS
from maillab.cli.main import build
from maillab.protocols.services import SERVICES
from tests.house import HOUSE, ROOT, circles, imports, modules, nodes, public, type_names, waiting_imports
from tests.papers import PAGES, README, TABLES, manual, page, renewed, tables_of

FLOORS = [  # top first; a module leans only on floors below its own, or on its own room
    {"__main__"},
    {"cli", "testing"},
    {"selftest"},
    {"tui", "web"},
    {"stories"},
    {"running"},
    {"lab"},
    {"notice"},
    {"config_file", "endpoints", "folder", "listeners", "stored"},
    {"checked"},
    {"config"},
    {"profiles"},
    {"source"},
    {"client", "sender", "nameserver", "recipient", "recording"},  # siblings never meet
    {"wire", "views"},
    {"logbook"},
    {"events"},
    {"rules"},
    {"protocols", "database"},
    {"mail", "durable", "journal", "manual", "services", "theme_names"},
    {"system", "spelling"},
]

NOISY = {  # module: why it may hold sockets, tasks, threads or the time of day
    "cli.trust": "whom the command line trusts is an ssl context",
    "cli.checks": "tries whether two sockets of this computer reach each other",
    "cli.demo": "runs the loop in which a story happens",
    "cli.follower": "prints from a thread of its own, so that a still terminal holds up no mail",
    "cli.fetching": "fetches while a lab runs beside it",
    "cli.typed_lines": "a person at the keyboard blocks a thread, not the lab",
    "cli.playing": "waits between the lines",
    "cli.reenacting": "does a session again: the loop, the sockets, the date of today",
    "cli.sending": "runs the loop in which one message crosses; dates it",
    "cli.serve": "runs the loop in which the lab lives",
    "cli.record_option": "names the loop that hears of trouble; dates a record",
    "cli.web_window": "runs the loop in which the window is shown to browsers",
    "cli.talk_loop": "keeps one who types and a server in step; dates what they say",
    "cli.ready": "looks again until a lab is ready",
    "cli.wait": "looks again until a message is there",
    "cli.marks": "names the loop that hears the keyboard",
    "client.by_hand": "a raw connection, line by line",
    "client.imap": "imaplib, in a thread",
    "client.pop3": "poplib, in a thread",
    "client.local_store": "its one connection is locked: the window reads it from threads",
    "client.submit": "hands a message over to a server",
    "lab.apart.channel": "values over a socket, for both ends of it",
    "lab.apart.site_apart": "starts the process of a site, and speaks with it",
    "lab.apart.site_process": "is that process: clock, sockets and tasks for its machines",
    "lab.apart.split_lab": "opens the processes of its sites, and asks them by turns",
    "lab.desk": "the desk: puts sockets and tasks into the machines",
    "lab.long_run": "arranges the loop of a process that runs for days",
    "lab.names": "reads zones in a thread",
    "lab.passing_time": "waits for what is due to be done before it turns the clock on",
    "lab.premises": "makes the lab's clock; finds a port where nobody listens",
    "lab.running_site": "opens the doors of a site, with its certificate, and starts its runner",
    "nameserver.server": "answers on UDP and TCP sockets",
    "recipient.guests": "makes mailboxes in a thread",
    "recipient.cabinet": "a lock around what several threads change; takes a breath after work that nobody waits for",
    "recipient.mailbox": "one writer thread stores for all who wait",
    "recording.recorder": "one writer thread, so that mail never waits for the record",
    "recording.reenact": "says a talk again, in lockstep, with deadlines",
    "recording.login_again": "asks a person for a password, and works SCRAM out, in threads",
    "recording.switchboard": "puts callers through, socket to socket",
    "recording.replay_server": "answers on a real socket as a recorded server did",
    "sender.dispatcher": "one task for each domain that is being served",
    "sender.queue": "one writer thread commits for all who wait",
    "sender.relay": "talks to the next server",
    "selftest.lab": "holds a lab open in its own loop while it is proved",
    "selftest.subject": "names ssl's context, and opens nothing itself",
    "selftest.wire": "a raw connection, as a stranger has it",
    "stories.teller": "waits for what a story says will happen",
    "client.open_talk": "one errand after the other, in a talk that stays open",
    "running": "a lab in a thread of its own",
    "system": "one reader at a time moves the place in a file, where the system has no better way",
    "durable": "names its part after the thread, and starts none",
    "tui.commands.palette": "waits for threads that read the disk",
    "tui.commands.by_hand": "a conversation with a door",
    "tui.commands.leaving": "waits for a lab to end, not for ever; names a file by the day",
    "tui.commands.draft": "waits for threads that read the disk; dates a message where no lab has a clock",
    "tui.commands.editing": "starts an editor",
    "tui.commands.record": "waits for threads that write the disk; dates a file",
    "tui.commands.replay": "waits for threads that read the disk",
    "tui.commands.send": "waits for threads that read the disk",
    "tui.commands.sessions": "waits for threads that read the disk",
    "tui.commands.machines": "waits for a thread that looks who listens at a port",
    "tui.ending": "hears signals; ends a process whose loop does not",
    "tui.modes": "nobody goes about while modes are made anew",
    "tui.state.conversation": "lines that are typed go one after the other",
    "tui.state.drafting": "one message is kept after the other",
    "tui.state.home": "one account is fetched after the other",
    "tui.window_ui": "waits for an answer; sees how long nobody has typed",
    "tui.machines.by_imap": "says goodbye to one server while another is asked",
    "tui.machines.lab_actions": "waits for threads that read the disk",
    "tui.app": "names the loop of the window; sees how long it has been",
    "tui.commands.lab": "waits for threads that start a lab",
    "tui.commands.mail": "waits for threads that read the disk",
    "tui.commands.server_mail": "waits for threads that write a message, or read one",
    "tui.mail.browser": "starts a browser",
    "tui.reading.exporting": "writes in a thread",
    "tui.machines.host": "a lab in a thread of its own, and questions to it",
    "tui.playing.loading": "the loop in which a story happens",
    "tui.mail.mailboxes_now": "waits for threads that read the disk, and for what the servers know",
    "tui.terminal.refresher": "calls back in the window's loop, from any thread",
    "tui.screens.mail": "waits for threads that read the disk",
    "tui.screens.reader": "waits for threads that read the disk; no message is opened for ever",
    "tui.screens.finding": "looks a slice of time after the other, so that whoever types goes first",
    "tui.screens.reading": "filters no longer than a frame may take",
    "tui.screens.sessions": "waits for threads that read the disk",
    "web.caught": "one call at a time, from any thread",
    "web.context": "waits for what comes",
    "web.digests": "a lock around what several threads remember",
    "web.door": "closes what it has opened, in a thread",
    "web.guard": "waits for a body, and only so long",
    "web.link": "closes what is idle",
    "web.mailpit.changes": "a lock around what several threads ask",
    "web.mailpit.events": "looks again, a frame after the other",
    "web.news": "a bell that any thread rings",
    "web.ours.entries": "looks again, a frame after the other",
    "web.ours.feed": "a lock around what several threads make",
    "web.pushing": "tells and listens at the same time",
    "web.serving": "opens a port, and serves it in a loop",
    "web.terminal.door": "ends the window, and is not disturbed in it",
    "web.terminal.window": "the window is a process, at the other end of a terminal",
    "web.workers": "works in a thread what may read files",
    "testing.cassettes": "a stand-in in a thread of its own",
    "testing.inbox": "looks into mailboxes in a thread, for a test that awaits",
    "testing.lab": "waits in the test's thread for what the lab's does, and fetches by poplib",
    "testing.waiting": "coroutines in the lab's loop",
    "folder": "rests for a moment while somebody asks who lives here",
    "endpoints": "names ssl's context in a signature, and opens nothing itself",
    "wire.certificate": "reads what ssl knows of a handshake",
    "wire.smtp_client": "aiosmtplib's protocol with an ear on it",
    "wire.connection": "one end of a connection, for whoever types or plays a record",
    "wire.clock": "the one place that asks what time it is",
    "wire.driver": "drives every dialogue of ours over a socket",
    "wire.disturb": "waits, and cuts connections off, as rules say",
    "wire.tls_handshake": "lets connections wait for their handshake",
    "wire.receive_buffer": "waits for octets",
    "wire.listener": "opens the socket of a server",
    "wire.listener_config": "names ssl's context and asyncio's sleep, and opens nothing itself",
    "wire.send_buffer": "waits for a client that reads slowly",
    "wire.smtp_shell": "aiosmtpd's protocol around a socket",
    "wire.stream_shell": "asyncio's protocol around a socket",
    "wire.client_connection": "reads replies off aiosmtplib's protocol, several at once",
    "wire.tls": "makes ssl contexts from the lab's authority",
}

AREAS = (
    "compose",
    "everywhere",
    "lists",
    "machines",
    "names",
    "mail",
    "replay",
    "sessions",
    "wire",
)  # of the table of actions
NO_TEST_OF_ITS_OWN = {  # module: where it is tested instead
    "__main__": "three lines, run by every test of tests/judges/",
    "lab.apart.words": "values: tests/lab/apart/test_channel.py carries them",
    "lab.apart.site_process": "tests/lab/apart/test_split_lab.py starts it",
    "lab.apart.site_apart": "tests/lab/apart/test_split_lab.py opens it",
    "lab.premises": "tests/lab/test_desk.py and tests/lab/apart/test_split_lab.py: every lab is one",
    "selftest.claim": "tests/selftest/test_proof.py judges claims",
    "selftest.dns": "tests/selftest/test_proof.py plants a lie",
    "selftest.http": "tests/selftest/test_proof.py plants a lie",
    "selftest.imap": "tests/selftest/test_proof.py plants a lie",
    "selftest.lab": "tests/selftest/test_proof.py opens it",
    "selftest.pop3": "tests/selftest/test_proof.py plants a lie",
    "selftest.smtp": "tests/selftest/test_proof.py plants a lie",
    "selftest.subject": "tests/selftest/test_proof.py brings messages by it",
    "views.vietnamese": "tests/views/test_language.py looks at all tables",
    "views.fields.vietnamese": "tests/views/test_language.py looks at all tables",
    "client.vietnamese": "tests/views/test_language.py looks at all tables",
    "recording.export.vietnamese": "tests/views/test_language.py looks at all tables",
    "web.context": "tests/web/ours/test_wait.py waits by it",
    "web.faults": "tests/web/test_door.py looks at every answer that is an error",
    "web.pushing": "tests/web/mailpit/test_events.py listens to it",
    "web.routes": "a row: tests/web/test_app.py looks at all of them",
    "web.ours.routes": "tests/web/test_app.py looks at all rows",
    "web.terminal.door": "tests/web/terminal/test_app.py comes in by it",
    "web.ours.told": "tests/web/ours/test_feed.py and test_sessions.py read what it tells",
    "web.ours.shapes": "tests/web/ours/test_rules.py says what they mean",
    "web.mailpit.routes": "tests/web/mailpit/test_openapi.py looks at all rows",
    **{f"tui.actions.{area}": "rows: tests/tui/actions/test_table.py looks at all of them" for area in AREAS},
}

NAMES_A_PROTOCOL = {  # module outside protocols/: why it names one; everybody else asks a value or a row of the table
    "cli.mail_settings": "the scheme of an address, as other programs write it",
    "cli.reading_programs": "what stands for each protocol in the languages of other programs",
    "manual.pages": "the file of a page is called as its topic",
    "recording.migrations": "old sessions have the name in them",
    "views.gloss": "the explanations of replies are written for each",
    "views.lookup": "a number alone is a code of SMTP",
}

NOISE = {
    "asyncio",
    "socket",
    "ssl",
    "threading",
    "subprocess",
    "aiosmtpd",
    "aiosmtplib",
    "smtplib",
    "poplib",
    "imaplib",
}
CLOCKS = {"time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "sleep", "now", "utcnow", "today"}
TIME = re.compile(
    r"(time\.\w+|(datetime|date)\.(now|utcnow|today))\Z"
)  # of CLOCKS; others of time.* take a time that is given
TOP_LEVEL = {"pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "maillab", "tests", "examples"}
NOT_EVERYWHERE = {"fcntl", "msvcrt", "termios", "tty", "pty", "resource", "pwd", "grp", "winreg"}
NOT_IN_EVERY_OS = re.compile(  # of os, signal, sys: what Windows has not, or what asks whether it is Windows
    r"os\.(name|uname|statvfs|fchmod|fchown|chown|umask|p?read_?v|pread|pwrite|fork|kill|killpg|get[a-z]*(gid|uid|pgrp)"
    r"|tcgetpgrp|mkfifo|O_(NOFOLLOW|CLOEXEC|DIRECTORY|NONBLOCK|BINARY|NOINHERIT)|sendfile|setsid|ttyname)"
    r"|signal\.(SIGHUP|SIGQUIT|SIGTSTP|SIGCONT|SIGUSR[12]|SIGWINCH|SIGALRM|SIGBREAK|pthread_\w+|alarm|setitimer)"
    r"|sys\.platform|socket\.AF_UNIX"
)
WINDOW = {"textual", "rich"}  # only tui/ knows them
HTTP = {"starlette", "uvicorn", "websockets"}  # only web/ knows them

MODULES = modules()
FLOOR = {room: height for height, rooms in enumerate(FLOORS) for room in rooms}


def lean(name: str, *, for_types: bool = False) -> set[str]:
    """The modules of the house that a module leans on, without the leading "maillab."."""
    inside = {target for target in imports(MODULES[name], for_types=for_types) if target.split(".")[0] == "maillab"}
    return {target.removeprefix("maillab").lstrip(".") for target in inside} - {""}


def noise(name: str) -> set[str]:
    """What noisy things a module touches."""
    heard = {target.split(".")[0] for target in imports(MODULES[name])} & NOISE
    for node in nodes(MODULES[name]):
        if isinstance(node, ast.Attribute) and node.attr in CLOCKS and TIME.match(ast.unparse(node)):
            heard.add(ast.unparse(node))
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            heard |= {f"time.{alias.name}" for alias in node.names if alias.name in CLOCKS}
    return heard


def report(faults: Iterable[str]) -> None:
    """Fail with one fault a line."""
    if found := sorted(faults):
        pytest.fail("\n".join(found), pytrace=False)


def test_floors():
    """A module stands on a declared floor and leans only on lower ones; rooms of one floor never meet."""
    report(
        f"{name}: {MODULES[name].room} has no floor in FLOORS"
        for name in MODULES
        if name and MODULES[name].room not in FLOOR
    )
    report(
        f"{name} leans on maillab.{target}, which is not below it"
        for name in MODULES
        for target in lean(name)
        if not name
        or (
            (room := target.partition(".")[0]) != MODULES[name].room
            and FLOOR.get(room, -1) <= FLOOR[MODULES[name].room]
        )
    )


def test_no_circles():
    """No module leans on itself through others; imports inside functions and for type checking count."""
    graph = {name: lean(name, for_types=True) & MODULES.keys() - {name} for name in MODULES if name}
    tied = set().union(*circles(graph))
    report(f"{name} stands in a circle of imports" for name in tied)


def test_one_meaning_a_name():
    """A class or a type has a name of its own in the whole house; private ones may repeat."""
    homes: dict[str, list[str]] = {}
    for name, module in MODULES.items():
        for defined in type_names(module.tree):
            homes.setdefault(defined, []).append(name)
    report(
        f"{defined} means something else in each of {', '.join(names)}" for defined, names in homes.items() if names[1:]
    )


def test_quiet():
    """A module makes no noise unless NOISY says why it may."""
    report(
        f"{name} touches {', '.join(sorted(heard))}: pass it in, or name module and reason in NOISY"
        for name in MODULES
        if name not in NOISY and (heard := noise(name))
    )


def test_noisy_still():
    """Every exception in NOISY is still needed."""
    report(f"{name} is gone: take it out of NOISY" for name in NOISY.keys() - MODULES.keys())
    report(f"{name} has become quiet: take it out of NOISY" for name in NOISY if not noise(name))


def test_protocols_are_values():
    """Outside protocols/ nobody names a protocol or a service literally, and no exception is kept that is not needed."""
    names = {name for service in SERVICES.values() for name in (service.name, service.protocol.name)}
    naming = {
        name
        for name, module in MODULES.items()
        for node in nodes(module)
        if module.room != "protocols" and isinstance(node, ast.Constant) and node.value in names
    }
    report(f"{name} names a protocol: ask its value, or the table of services" for name in naming - {*NAMES_A_PROTOCOL})
    report(f"{name} names none: take it out of NAMES_A_PROTOCOL" for name in {*NAMES_A_PROTOCOL} - naming)


def test_window():
    """Only the window knows Textual and Rich."""
    report(
        f"{name} imports {', '.join(sorted(seen))}"
        for name, module in MODULES.items()
        if module.room != "tui" and (seen := {target.split(".")[0] for target in imports(module)} & WINDOW)
    )


def test_http():
    """Only the HTTP door knows Starlette, uvicorn and websockets."""
    report(
        f"{name} imports {', '.join(sorted(seen))}"
        for name, module in MODULES.items()
        if module.room != "web" and (seen := {target.split(".")[0] for target in imports(module)} & HTTP)
    )


def test_the_window_is_known_to_nobody():
    """Nothing below app.py imports it: widgets, screens and commands get a context."""
    report(
        f"{name} imports the window"
        for name in MODULES
        if name.startswith("tui.") and "tui.app" in lean(name, for_types=True)
    )


def test_commands_know_no_terminal():
    """Commands, states, questions, subjects and the table lean on no Textual, no screen, no widget, no dialog."""
    quiet = ("tui.commands.", "tui.state.", "tui.actions.", "tui.context", "tui.questions", "tui.subjects", "tui.ui")
    drawn = ("tui.screens.", "tui.widgets.", "tui.dialogs.", "tui.window_ui", "tui.modes")
    for name, module in MODULES.items():
        if f"{name}." in {f"{one}." for one in quiet} or name.startswith(quiet[:3]):
            outside = {target.split(".")[0] for target in imports(module)} & WINDOW
            inside = {target for target in lean(name) if target.startswith(drawn)}
            report(f"{name} imports {seen}" for seen in (outside | inside) if name != "tui.actions.bindings")


def test_the_window_only_joins():
    """app.py has at most 200 lines, and the window at most 24 names of its own."""
    module = MODULES["tui.app"]
    [window] = [node for node in module.tree.body if isinstance(node, ast.ClassDef)]
    names = [node for node in window.body if not isinstance(node, ast.Expr)]
    assert len(module.text.splitlines()) <= 200
    assert len(names) <= 24


def test_top_level():
    """At the top of the repository stand the documents, the program, its tests, the examples, and files with a dot."""
    known = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split(
        "\n"
    )
    tops = {name.partition("/")[0] for name in known if name}
    unpacked = {path.name for path in ROOT.iterdir()} - {"PKG-INFO", "build", "dist", "node_modules"}  # without git
    report(f"{name} does not belong there" for name in (tops or unpacked) - TOP_LEVEL if not name.startswith("."))


def test_one_module_knows_the_system():
    """What only some operating systems have is asked of `maillab.system`, which has an answer for the others."""
    report(
        f"{name} touches {', '.join(sorted(seen))}: ask maillab.system"
        for name, module in MODULES.items()
        if name != "system" and (seen := systems(name))
    )


def systems(name: str) -> set[str]:
    """What a module touches that not every operating system has."""
    seen = {target.split(".")[0] for target in imports(MODULES[name])} & NOT_EVERYWHERE
    for node in nodes(MODULES[name]):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            seen |= {name for name in [f"{node.value.id}.{node.attr}"] if NOT_IN_EVERY_OS.fullmatch(name)}
        if isinstance(node, ast.Attribute) and node.attr in ("add_signal_handler", "SO_REUSEPORT"):
            seen.add(node.attr)
    return seen


def test_absolute_imports():
    """Nothing is imported relatively."""
    report(
        f"{name}:{node.lineno} is a relative import"
        for name, module in MODULES.items()
        for node in nodes(module)
        if isinstance(node, ast.ImportFrom) and node.level
    )


def mirror(name: str) -> Path:
    """The test file that stands opposite a module."""
    path = MODULES[name].path.relative_to(HOUSE)
    return ROOT / "tests" / path.with_name(f"test_{path.stem}.py")


def test_mirror():
    """Every module maillab/a/b.py has its tests in tests/a/test_b.py."""
    report(
        f"{mirror(name).relative_to(ROOT)} is missing"
        for name, module in MODULES.items()
        if not module.is_door and name not in NO_TEST_OF_ITS_OWN and not mirror(name).exists()
    )


def test_mirror_exceptions_still():
    """Every exception of the mirror is still needed and names the file in which the module is tested."""
    report(f"{name} is gone: take it out of NO_TEST_OF_ITS_OWN" for name in NO_TEST_OF_ITS_OWN.keys() - MODULES.keys())
    report(
        f"{name} has its own test: take it out of NO_TEST_OF_ITS_OWN"
        for name in NO_TEST_OF_ITS_OWN
        if mirror(name).exists()
    )
    report(
        f"{name}: no such test file in {reason!r}"
        for name, reason in NO_TEST_OF_ITS_OWN.items()
        if not ((place := re.search(r"tests/[\w/.]+\.(py|txt)|tests/\w+/", reason)) and (ROOT / place[0]).exists())
    )


def test_signs():
    """Every room has a sign of two to five lines on its door."""
    for name, module in MODULES.items():
        if module.is_door and name:
            lines = [line for line in (ast.get_docstring(module.tree) or "").splitlines() if line.strip()]
            assert 2 <= len(lines) <= 5, f"the sign of {name} has {len(lines)} lines, not two to five"


def test_map():
    """The map in maillab/__init__.py names every room and every module that stands alone."""
    sign = ast.get_docstring(MODULES[""].tree) or ""
    rooms = {module.room for name, module in MODULES.items() if name} - {"__main__"}
    report(f"{room} is not on the map" for room in rooms if not re.search(rf"^\s+{room}\b", sign, re.MULTILINE))


def test_docstrings():
    """Every module, public class, function and method says what it is for."""
    report(f"{name} has no docstring" for name, module in MODULES.items() if not ast.get_docstring(module.tree))
    report(
        f"{name}: {path} has no docstring"
        for name, module in MODULES.items()
        for path, node in public(module.tree)
        if not ast.get_docstring(node)
    )


@functools.cache
def all_loaded_by(*modules: str) -> frozenset[str]:
    """What a fresh interpreter has loaded after importing these."""
    command = [sys.executable, "-c", f"import {', '.join(modules)}, sys; print(*sys.modules)"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=30, check=True)
    return frozenset(done.stdout.split())


def loaded_by(module: str) -> set[str]:
    """The top-level modules among them."""
    return {loaded.split(".")[0] for loaded in all_loaded_by(module)}


@pytest.mark.parametrize("module", ["maillab.cli.main", "maillab.cli.explain", "maillab.cli.serve"])
def test_light(module):
    """The command line starts without the weight of sockets, servers and the window."""
    heavy = WINDOW | HTTP | {"asyncio", "ssl", "aiosmtpd", "aiosmtplib", "dns", "cryptography"}
    assert loaded_by(module) & heavy == set()


NOT_IN_THE_FIRST_PICTURE = {  # of the window: what stands in it needs none of these, and each would hold it up
    "aiosmtpd", "aiosmtplib", "cryptography", "dns", "email", "importlib.metadata", "importlib.resources", "lxml",
    "markdown_it", "maillab.client.local_store", "maillab.client.read", "maillab.config", "maillab.lab",
    "maillab.manual.pages", "maillab.nameserver.master", "maillab.recording.export", "maillab.rules.language",
    "maillab.stories.script", "maillab.tui.palette.answers", "maillab.tui.playing.archive", "maillab.tui.dialogs",
    "maillab.tui.reading.explanation", "maillab.tui.machines.lab_actions", "maillab.tui.playing.loading",
    "maillab.tui.manual", "maillab.tui.palette.palette", "maillab.tui.palette.ranking", "maillab.tui.screens.mail",
    "maillab.tui.screens.sessions", "maillab.tui.screens.wire", "maillab.views.fields.entry", "maillab.views.lookup",
    "maillab.views.report",
}  # fmt: skip


def test_first_picture():
    """The window paints its first picture before it loads what only later ones need."""
    assert all_loaded_by("maillab.tui.app", "maillab.tui.screens.lab") & NOT_IN_THE_FIRST_PICTURE == set()


DRAWN_FIRST = {"tui.modes": {"maillab.tui.screens.lab"}}  # a mode is loaded when it is gone to, and so is the first


def test_an_import_that_waits_keeps_something_away():
    """What a function of the window imports is not in the first picture already: else it is imported at the top."""
    loaded = all_loaded_by("maillab.tui.app", "maillab.tui.screens.lab")
    report(
        f"{name}: {function.name} imports {', '.join(sorted(names))}"
        for name, module in MODULES.items()
        if module.room == "tui"
        for function, names in waiting_imports(module)
        if names <= loaded - DRAWN_FIRST.get(name, set())
    )


def test_what_is_not_in_the_first_picture():
    """Each of them is there to be loaded: a module that was renamed is named here anew."""
    ours = {name.removeprefix("maillab.") for name in NOT_IN_THE_FIRST_PICTURE if name.startswith("maillab.")}
    assert {
        name for name in ours if name not in MODULES and not any(m.startswith(f"{name}.") for m in MODULES)
    } == set()


def test_desk_without_window():
    """The desk never loads the window's library, whatever it imports in turn."""
    assert loaded_by("maillab.lab") & (WINDOW | HTTP) == set()


def test_rfcs():
    """Every RFC that the code cites stands in the manual's table of RFCs, in the order of their numbers."""
    rows = [line.split("|")[1] for line in page("standards").read_text("utf-8").splitlines() if line.startswith("|")]
    numbers = re.findall(r"\b\d{3,5}\b", "\n".join(rows))
    assert numbers == sorted(numbers, key=int)
    table = set(numbers)
    report(
        f"RFC {number}, cited in {name}, is not in the table of maillab/manual/en/standards.md"
        for name, module in MODULES.items()
        for number in set(re.findall(r"\bRFC (\d{3,5})\b", module.text)) - table
    )


def parsers(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """A parser and those of its commands, all the way down."""
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for inner in action.choices.values():
                yield from parsers(inner)


def test_documented_commands():
    """Every command stands in the manual and in the help; every option and argument has its help."""
    text = page("commands").read_text("utf-8")
    for parser in parsers(build()):
        report(
            f"{parser.prog}: {action.option_strings or action.dest} has no help"
            for action in parser._actions
            if not isinstance(action, argparse._SubParsersAction) and action.help in (None, "", argparse.SUPPRESS)
        )
    report(f"`maillab {name}` is not in the page of commands" for name in COMMANDS if f"`maillab {name}" not in text)
    files = {
        name.partition(".")[2].rstrip("_")
        for name, module in MODULES.items()
        if module.room == "cli" and "add" in dict(public(module.tree))
    }
    assert files == COMMANDS.keys(), "a file of cli/ that can add() a command is a command, and the other way round"


def test_documented_events():
    """Every event stands in the manual."""
    words = set(re.findall(r"\w+", page("events").read_text("utf-8")))
    kinds = {kind.__name__ for kind in typing.get_args(events.Event)}
    report(f"{kind} is not in the page of events" for kind in kinds if not {kind, kind.lower()} & words)


def structs(struct: type[msgspec.Struct]) -> Iterator[type[msgspec.Struct]]:
    """A struct of the configuration and those inside it."""
    yield struct
    for field in msgspec.structs.fields(struct):
        for inner in (field.type, *typing.get_args(field.type)):
            if isinstance(inner, type) and issubclass(inner, msgspec.Struct):
                yield from structs(inner)


def test_documented_configuration():
    """Every key of the configuration stands in the manual."""
    text = page("configuration").read_text("utf-8")
    report(
        f"{struct.__name__}.{key} is not in the page of the configuration"
        for struct in structs(config.Config)
        for key in struct.__struct_fields__
        if not re.search(rf"\b{key}\b", text)
    )


def test_made_tables():
    """The tables of the documents are what the program makes: `python -m tests.papers` writes them; none is missing."""
    report(
        f"{path.relative_to(ROOT)} is out of date"
        for path in (README, *PAGES)
        if renewed(path) != path.read_text("utf-8")
    )
    assert {*tables_of(manual())} == set(TABLES)
