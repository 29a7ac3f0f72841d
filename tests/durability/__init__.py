"""Does the lab keep what it has promised, whatever happens to the computer?

calls.py     a real `maillab serve` under strace: every call by which it changes files, with its octets
disk.py      a model of a disk, to which those calls are made: what it holds after a power cut at any moment
day.py       what happens in the lab meanwhile, by clients that nobody here wrote, and what they were promised
promises.py  what must be there after a crash, and what may not
after.py     starts the lab on what a crash has left, lets it finish its work, and looks what is there

power.py     cuts the power at moments of the day
spoilt.py    takes a precaution out of the lab, so that power cuts must find a loss
kills.py     kills the lab at a call, or at any moment of a crowd
damage.py    puts something wrong into each file
home.py      fetches mail, has it deleted on the server, and meets a power cut in between

`python -m tests.durability` tries every moment and prints a table; the tests try a sample, and all with `-m slow`.
"""
