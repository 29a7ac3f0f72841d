"""What stands before a screen for a moment: a question, a field, a list to choose from, help, labels to jump to.

Each gives its result to who asked; nothing is done here.
"""
