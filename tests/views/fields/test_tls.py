"""The moment in which TLS begins."""

from msgspec import structs

from maillab.events import Certificate, Secured
from maillab.views.fields.tls import blocks, sentences
from tests.views.fields.words import EN, VI, told


def test_the_version():
    """How good it is; an unknown one is shown without a judgement, none is nothing."""
    assert "newest" in told(blocks(Secured("relay-1", "TLSv1.3"), EN))["TLSv1.3"]
    assert "không còn an toàn" in told(blocks(Secured("relay-1", "TLSv1"), VI))["TLSv1"]
    assert told(blocks(Secured("relay-1", "TLSv9"), EN)) == {"TLSv9": ""}
    assert blocks(Secured("relay-1", ""), EN) == []


CERTIFICATE = Certificate("CN=localhost", "O=maillab", ("mx.a.test", "mail.a.test"), "3000-01-01T00:00:00Z")


def test_the_cipher_and_the_certificate():
    """Each fact with what it is; one that could not be read is left out."""
    fields = told(blocks(Secured("relay-1", "TLSv1.3", "TLS_AES_256_GCM_SHA384", CERTIFICATE), EN))
    assert [*fields][:2] == ["TLSv1.3", "TLS_AES_256_GCM_SHA384"]
    assert [*fields.items()][2:] == [
        ("subject (for whom)", "CN=localhost"),
        ("issuer (who signed it)", "O=maillab"),
        ("names", "mx.a.test, mail.a.test"),
        ("valid until", "3000-01-01 00:00:00 UTC"),
    ]
    bare = Certificate("", "O=maillab", (), "")
    assert told(blocks(Secured("relay-1", "", "", bare), VI)) == {"nhà phát hành (ai đã ký)": "O=maillab"}


def test_whom_one_has_to_trust():
    """It is said where the lab's own authority signed, and nowhere else."""
    for lang in (EN, VI):
        assert sentences(Secured("relay-1", "TLSv1.3", "", CERTIFICATE), lang) == []
        assert sentences(Secured("relay-1", "TLSv1.3"), lang) == []
        [said] = sentences(Secured("relay-1", "TLSv1.3", "", structs.replace(CERTIFICATE, by_lab=True)), lang)
        assert "lab" in said
