"""States and the nation: counties drawn by a design, or every one at its whole population."""
