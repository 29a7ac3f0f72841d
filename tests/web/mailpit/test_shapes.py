"""The names of fields are Mailpit's."""

import msgspec
import pytest

from maillab.web.mailpit import shapes


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (
            shapes.ListedMessage,
            "ID MessageID Read From To Cc Bcc ReplyTo Subject Created Username Tags Size Attachments Snippet",
        ),
        (
            shapes.Whole,
            "ID MessageID From To Cc Bcc ReplyTo ReturnPath Subject ListUnsubscribe Date Tags Username Text HTML Size "
            "Inline Attachments",
        ),
        (shapes.Page, "total unread count messages_count messages_unread start tags messages"),
        (shapes.File, "PartID FileName ContentType ContentID Size Checksums"),
        (shapes.Checksums, "MD5 SHA1 SHA256"),
        (shapes.Unsubscribing, "Header Links Errors HeaderPost"),
        (shapes.Info, "Version LatestVersion Database DatabaseSize Messages Unread Tags RuntimeStats"),
        (shapes.ReadState, "IDs Read Search"),
        (shapes.Tagging, "Tags IDs"),
        (shapes.Triggers, "Sender Recipient Authentication"),
        (shapes.OutgoingMessage, "From To Cc Bcc ReplyTo Subject Text HTML Headers Tags Attachments"),
        (shapes.SentFile, "Content Filename ContentType ContentID"),
    ],
)
def test_names(kind, names):
    """Letter by letter, in their order."""
    assert [field.encode_name for field in msgspec.structs.fields(kind)] == names.split()
