"""How often and how long delivery is tried; plain tables, no database."""

from datetime import timedelta

# The pause after the first, second ... failed try; the last one repeats.
RETRY_MINUTES = (1, 2, 5, 10, 30, 60)
GIVE_UP_AFTER = timedelta(hours=48)

# A worker keeps its lease alive while it talks to the mail server; a lease that has run out is
# suspected first and taken over only if its holder does not speak up within the grace.
LEASE = timedelta(seconds=15)
LEASE_RENEWAL_SECONDS = 4.0
LEASE_GRACE = timedelta(seconds=8)

# What arrived is tried so often before it is set aside for a person.
INBOUND_ATTEMPTS = 4
STUCK_AFTER = timedelta(minutes=10)


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many failed tries."""
    place = min(max(attempts, 1), len(RETRY_MINUTES)) - 1
    return timedelta(minutes=RETRY_MINUTES[place])
