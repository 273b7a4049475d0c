"""Studies on the screen: which there are, what of one is looked at, and what it answers.

What comes in is a folder named when the app was started, and an address; of the files here
`asking` and `boxes` alone know Solara.
"""
