"""Every model and every property of what strangers send, round after round, for as long as one likes.

`pytest -m chance -n2 tests/test_chance.py` plays each for a minute of a processor, `-m slow` for five; round after round
has the next seed. `--chance-seconds` says how long, `--chance-seed` where to begin; what fails names its seed.
"""

import itertools
import random
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis.stateful import RuleBasedStateMachine

from tests.chance import play_by_chance, try_by_chance
from tests.mail import test_address, test_address_model
from tests.nameserver import test_master, test_zone, test_zone_model
from tests.protocols.dns import test_described, test_message
from tests.recipient.imap.test_sessions import Sessions
from tests.recipient.imap.test_tracker import Counting
from tests.recipient.test_pop3_model import Mailbox
from tests.recipient.test_store_model import Store
from tests.recording import test_session
from tests.rules import test_language
from tests.rules.test_live_model import List
from tests.test_config_chance import change_anywhere, change_octets_anywhere
from tests.views import test_filter
from tests.web.test_model import ask_by_chance
from tests.wire.test_smtp_model import Smtp

Round = Callable[[int, Path], int]  # with this seed, in this empty folder; gives how many things were tried


def lives(machine: type[RuleBasedStateMachine], examples: int, steps: int) -> Round:
    """So many lives of a state machine."""
    return lambda seed, _: play_by_chance(machine, examples, steps, seed)


def tries(*properties: Callable[[], None]) -> Round:
    """Properties, as often as their tests do."""
    return lambda seed, _: try_by_chance(*properties, seed=seed)


def spoilt_configurations(seed: int, _: Path) -> int:
    """Tables and files."""
    dice, many = random.Random(seed), 300
    change_anywhere(dice, many)
    change_octets_anywhere(dice, many)
    return 2 * many


def spoilt_sessions(seed: int, folder: Path) -> int:
    """Files."""
    many = 500
    test_session.spoil(folder / "s.maillab", random.Random(seed), many)
    return many


def asked(seed: int, folder: Path) -> int:
    """Questions to a lab."""
    return ask_by_chance(folder, random.Random(seed))


PLAYS: dict[str, tuple[str, list[Round]]] = {  # what is counted, and what a round is
    "smtp": ("conversations", [lives(Smtp, 50, 50)]),
    "pop3": ("mailboxes", [lives(Mailbox, 50, 50)]),
    "imap": ("folders", [lives(Sessions, 30, 30), lives(Counting, 30, 25)]),
    "store": ("stores", [lives(Store, 10, 40)]),
    "dns": (
        "messages",
        [
            tries(
                test_message.test_any_name_and_text_reads_as_dnspython_reads_it,
                test_message.test_no_octets_raise,
                test_described.test_any_octets_are_described,
                test_zone.test_any_octets_have_an_answer_or_silence,
            )
        ],
    ),
    "address": (
        "texts",
        [
            tries(
                test_address_model.test_any_text,
                test_address.test_parse_after_format_gives_the_same,
                test_address.test_no_input_raises_anything_but_addresserror,
            )
        ],
    ),
    "zone": ("zones", [tries(test_zone_model.test_any_zone, test_master.test_any_text_gives_a_zone_or_a_zone_error)]),
    "configuration": ("files", [spoilt_configurations]),
    "session": ("files", [spoilt_sessions, tries(test_session.test_whatever_happened_is_read_as_it_happened)]),
    "filter": (
        "filters",
        [
            tries(
                test_filter.test_any_text_is_a_filter_or_an_error,
                test_filter.test_no_entry_makes_it_stumble,
                test_filter.test_what_is_joined_finds_what_its_parts_find,
            )
        ],
    ),
    "rules": (
        "lists and texts",
        [
            lives(List, 50, 40),
            tries(
                test_language.test_what_is_printed_is_read_as_the_same_rule,
                test_language.test_whatever_is_typed_is_a_rule_or_a_complaint,
            ),
        ],
    ),
    "http": ("steps", [asked]),
}


@pytest.mark.parametrize(
    ("seconds", "first"),
    [
        pytest.param(60, 1, marks=pytest.mark.chance, id="minute"),
        pytest.param(300, random.randrange(10**9), marks=pytest.mark.slow, id="long"),
    ],
)
@pytest.mark.parametrize("name", PLAYS)
def test_round_after_round(name, seconds, first, tmp_path, pytestconfig, record_property):
    """Nothing that is played finds a fault, and what was played can be played again."""
    counted, rounds = PLAYS[name]
    if (wanted := pytestconfig.getoption("chance_seconds")) is not None:
        seconds = wanted
    if (wanted := pytestconfig.getoption("chance_seed")) is not None:
        first = wanted
    end, count = time.process_time() + seconds, 0
    for seed in itertools.count(first):
        folder = tmp_path / str(seed)
        folder.mkdir()
        try:
            count += sum(one(seed, folder) for one in rounds)
        except BaseException as error:
            error.add_note(
                f"Again: pytest -m chance tests/test_chance.py -k {name} --chance-seed={seed} --chance-seconds=0"
            )
            raise
        shutil.rmtree(folder)
        if time.process_time() >= end:
            break
    record_property("chance", f"{name}: {count} {counted}, seeds {first} to {seed}")
