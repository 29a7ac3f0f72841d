"""Send one letter through the lab: `maillab serve` in one terminal, `python send_with_smtplib.py [PORT]` in another."""

import smtplib
import sys
from email.message import EmailMessage

letter = EmailMessage()
letter["From"], letter["To"], letter["Subject"] = "alice@sender.test", "bob@recipient.test", "Chào Bob"
letter.set_content("Hello Bob, this letter crossed two servers.\n")
with smtplib.SMTP("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 1025) as server:
    server.send_message(letter)
