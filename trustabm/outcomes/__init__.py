"""What is counted and what may be said of it: the glossary, levels, intervals, the one verdict.

Numbers in, numbers and words out; nothing here runs a world.
"""
