"""Between the window and the terminal: keys and pastes that come in, frames that go out, a calm collector.

The one room that knows private parts of Textual; tests pin each of them.
"""
