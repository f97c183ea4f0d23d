"""Machinery without domain words: database, events, jobs, live screens, files, search."""
