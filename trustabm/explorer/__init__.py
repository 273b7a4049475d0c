"""The explorer: one page that answers for any setting of the levers, with no server behind it.

`settings` draws what can be asked, `lived` lives through it under many lots, `emulator` learns
every lot's answer, `held` sets it against the model itself, and `page` writes the file.
"""
