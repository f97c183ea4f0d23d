"""Keeping it: backups, restores and upgrades of the served product."""
