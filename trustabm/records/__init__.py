"""Results that were written down: opened again as they were, and made again from their record."""
