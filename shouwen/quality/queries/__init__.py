"""Reads of rule documents, standards and principles."""
