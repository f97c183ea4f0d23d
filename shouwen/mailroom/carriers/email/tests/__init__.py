"""Rules of the e-mail carrier."""
