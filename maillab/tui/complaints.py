"""An error in a sentence for a person: what went wrong, never where in our code, never a number of the system."""

import os


def complaint(error: BaseException | None) -> str:
    """An error in a sentence, without a trace of where it happened; of several, the first."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if error is None:
        return ""
    if isinstance(error, OSError) and error.strerror:
        from maillab.wire.reply_reader import why_not

        file = error.filename if isinstance(error.filename, str | os.PathLike) else ""  # not the number of a handle
        why, where = (error.strerror, f"{file}: ") if file else (why_not(error), "")
        return f"{where}{why[:1].lower()}{why[1:]}"
    from maillab.client.pop3 import FetchError
    from maillab.endpoints import BusyPort

    if isinstance(error, BusyPort):  # what it says of itself is for a shell
        return f"port {error.port} is taken by another program"

    text = str(error) or type(error).__name__
    plain = isinstance(error, OSError | ValueError | LookupError | RuntimeError | FetchError)
    return text if plain else f"{type(error).__name__}: {text}"
