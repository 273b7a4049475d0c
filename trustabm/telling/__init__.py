"""What is told of results: terminal tables, lives and stories, and the brief."""
