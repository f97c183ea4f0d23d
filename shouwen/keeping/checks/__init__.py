"""What can be well or ill, one module a group; each check is (at) -> rows in plain words.

The thresholds are explained to operators in docs/operating/health.md.
"""
