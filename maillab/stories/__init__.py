"""Stories that the lab can tell: each a short file of data, run on real sockets, and a name in `script.NAMES`.

Above the desk and below the commands; nothing here prints.
"""
