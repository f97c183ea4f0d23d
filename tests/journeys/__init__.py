"""Whole stories in a real browser against the served product, demo data and all."""
