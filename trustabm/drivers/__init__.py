"""How a week is carried out: by agents, to be read, or compiled, to be run.

Both call the same rules on the same state and give the same bits.
"""
