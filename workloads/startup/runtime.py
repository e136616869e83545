"""Starts the interpreter, and ends."""
