"""The pages, one a file, each with a Solara component `Page`."""
