"""Send a message through the lab: `maillab serve` in one terminal, in another `python send_with_smtplib.py [PORT]`."""

import smtplib
import sys
from email.message import EmailMessage

message = EmailMessage()
message["From"], message["To"], message["Subject"] = "alice@sender.test", "bob@recipient.test", "Chào Bob"
message.set_content("Hello Bob, this message crossed two servers.\n")
with smtplib.SMTP("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 1025) as server:
    server.send_message(message)
