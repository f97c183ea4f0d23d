"""Forms of accounts, one module a noun."""
