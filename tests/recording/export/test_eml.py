"""The messages as files."""

import io
import zipfile

from tests.recording.export.sample import exported, hostile, sample


def test_files_are_called_by_number():
    """Every message is a file, octet for octet, whatever is written in it; the archive is sound."""
    for one in (sample(), hostile()):
        archive = zipfile.ZipFile(io.BytesIO(exported("eml", one)))
        assert archive.testzip() is None
        assert archive.namelist() == [f"{number:05}.eml" for number in range(1, len(archive.namelist()) + 1)]
    archive = zipfile.ZipFile(io.BytesIO(exported("eml", sample())))
    assert archive.read("00001.eml").endswith(b"Hello Bob\r\n.\r\n")


def test_the_same_session_is_the_same_archive():
    """Nothing of the moment or the place stands in it."""
    assert exported("eml", sample()) == exported("eml", sample())
