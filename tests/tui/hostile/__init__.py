"""What a stranger could send to hurt a terminal, and how to tell whether any of it got through."""
