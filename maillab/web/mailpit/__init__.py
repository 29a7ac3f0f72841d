"""The routes under /api/v1/ that clients of Mailpit ask for: their names, their shapes, their query language.

Facts are Mailpit's (its OpenAPI description, github.com/axllent/mailpit); what is answered is the lab's own.
"""
