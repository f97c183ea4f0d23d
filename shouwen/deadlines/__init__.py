"""Working calendars and running clocks."""
