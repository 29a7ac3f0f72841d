"""What can be done, by subject: functions on the context, named in the table of actions.

A command asks (a question), does (an errand) and says what came of it; it draws nothing and knows no Textual.
"""
