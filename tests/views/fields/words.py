"""English and Vietnamese, to explain in."""

from maillab.views.fields.vietnamese import VIETNAMESE
from maillab.views.language import Say

EN, VI = Say("en", VIETNAMESE), Say("vi", VIETNAMESE)


def told(blocks):
    """Text and meaning of every part, of every block."""
    from maillab.views.fields.part import parts_of

    return {part.text: part.meaning for block in blocks for part in parts_of(block)}
