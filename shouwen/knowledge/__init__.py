"""Phrases (快捷短语) and courtesy rules."""
