"""Readers: from files as people have them to specs and tables."""
