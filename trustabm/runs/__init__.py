"""What is run: a scenario, a comparison, its replicates, and results with where they come from."""
