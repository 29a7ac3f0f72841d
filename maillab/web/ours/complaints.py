"""What is wrong with a rule, a filter or a session that was asked for, in the language of whoever asks. Quiet."""

from starlette.requests import Request

from maillab.recording.session import SessionError
from maillab.rules.language import RuleError
from maillab.views.errors_vi import ERRORS
from maillab.views.filter import FilterError
from maillab.views.gloss import Lang
from maillab.views.pointed import pointed
from maillab.views.sentences import Sentences
from maillab.web.answering import BadQuestion

_COLUMN: dict[Lang, str] = {"en": "column", "vi": "cột"}
_in_vietnamese = Sentences(ERRORS)


def language(request: Request) -> Lang:
    """In which language somebody reads: `lang`, else what the browser prefers."""
    asked = request.query_params.get("lang") or request.headers.get("accept-language", "")
    return "vi" if asked.lower().startswith("vi") else "en"


def complaint(request: Request, error: RuleError | FilterError | SessionError) -> BadQuestion:
    """The answer to what cannot be understood; where it is known, it points at the place."""
    lang = language(request)
    match error:
        case RuleError():
            return BadQuestion(f"{_said(error.text, lang)} ({_COLUMN[lang]} {error.column})")
        case FilterError():
            return BadQuestion(pointed(_said(error.text, lang), error.expression, error.column))
    return BadQuestion(_said(str(error), lang))


def _said(text: str, lang: Lang) -> str:
    return text if lang == "en" else _in_vietnamese(text)
