"""Places of the United States: every county's figures, and the rules in force there."""
