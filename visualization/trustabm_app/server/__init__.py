"""The server: who may talk to it, how long it waits, and which page is where."""
