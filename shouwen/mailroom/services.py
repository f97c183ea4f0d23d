"""What the mailroom does all the time in the worker: fetch, and send."""

import threading

from shouwen.core.services import service
from shouwen.mailroom.dispatch import Dispatch
from shouwen.mailroom.fetching import Fetching


@service("mailroom.fetch")
def fetch_mail(stop: threading.Event) -> None:
    """Fetch from every active mailbox."""
    Fetching(stop).run()


@service("mailroom.send")
def send_mail(stop: threading.Event) -> None:
    """Send what is due."""
    Dispatch(stop).run()
