"""Django's PostgreSQL, made to notice at once that the server went, hangs, or came back."""
