"""Question: the first page, a sentence with four blanks and the card that answers it."""
