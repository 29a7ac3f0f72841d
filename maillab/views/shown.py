"""What the row of a decision or a state says, for searching: whoever filters types what they read.

Rules for this file: the words are the transcript's (`words`); what was said on a wire is not here.
"""

from collections.abc import Callable
from functools import lru_cache

from maillab.events import Closed, DecidedEvent, Entry, Opened, Secured, Spoken
from maillab.views.gloss import Lang
from maillab.views.safe import safe, unaccented
from maillab.views.words import Phrases

KEPT = 65_536  # sentences in one language: a filter is typed letter by letter, and each asks for all of them

Shows = Callable[[Entry], tuple[str, ...]]


@lru_cache(maxsize=8)
def shows(lang: Lang = "en", *, ascii: bool = False) -> Shows:
    """Gives the sentence of an entry in English, and in another language if it is shown in that; none of a line.

    >>> from maillab.events import Attempted
    >>> shows("vi")(Entry(1, 0.0, Attempted("L1.1", "mx.recipient.test", 451)))
    ('tried mx.recipient.test: 451', 'đã thử mx.recipient.test: 451')
    """
    english = Phrases("en", safe)
    phrases = [english] if lang == "en" else [english, Phrases(lang, safe, unaccented if ascii else str)]

    @lru_cache(maxsize=KEPT)
    def of_event(event: Opened | Secured | Closed | DecidedEvent) -> tuple[str, ...]:
        return tuple(phrase.of(event) for phrase in phrases)

    return lambda entry: () if isinstance(entry.event, Spoken) else of_event(entry.event)
