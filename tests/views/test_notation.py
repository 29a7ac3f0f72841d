"""Who speaks is marked as in RFCs, as in swaks, or as in curl."""

import pytest

from maillab.events import Side
from maillab.views.notation import MARKS, Notation
from maillab.views.verdict import Verdict


@pytest.mark.parametrize(
    ("notation", "plain", "secure", "refusal"),
    [("rfc", "C:", "C:", "S:"), ("swaks", " ->", " ~>", "<**"), ("curl", ">", ">", "<")],
)
def test_marks(notation: Notation, plain: str, secure: str, refusal: str) -> None:
    """Each notation has its mark for a client, for a client under TLS, and for a refusal."""
    marks = MARKS[notation]

    assert marks.speaker(Side.CLIENT, False, Verdict.OK) == plain
    assert marks.speaker(Side.CLIENT, True, Verdict.OK) == secure
    assert marks.speaker(Side.SERVER, False, Verdict.ERROR) == refusal
