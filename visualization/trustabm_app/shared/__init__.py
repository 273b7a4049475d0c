"""What pages share: the address, their frame, widgets, files to take away, comparisons."""
