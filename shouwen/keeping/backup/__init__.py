"""Backups: taken, checked and restored. Knows files and PostgreSQL, no customers and no pages."""
