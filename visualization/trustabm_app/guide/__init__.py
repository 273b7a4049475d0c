"""What one reads: lessons, evidence, about."""
