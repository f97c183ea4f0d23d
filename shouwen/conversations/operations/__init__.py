"""Writes: one function a verb, one module a noun."""
