"""The columns of a world and the only functions that write them.

What may come in: a column with its meaning, or a primitive that keeps the tallies true.
"""
