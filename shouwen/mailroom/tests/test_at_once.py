"""A delivery that comes many times at once, in any order, is one thing. (F9)"""

import random
from concurrent.futures import ThreadPoolExecutor

from django.db import connections

from shouwen.accounts.queries import system_staff
from shouwen.mailroom.models import Inbound
from shouwen.mailroom.operations.arrival import take_in_delivery

AT_ONCE = 16
DELIVERIES = 12


def test_each_delivery_is_on_the_ledger_once_with_its_copies_counted(committed):
    by = system_staff()
    times = {f"event-{n}": random.randrange(2, 21) for n in range(DELIVERIES)}
    shuffled = [event for event, count in times.items() for _copy in range(count)]
    random.shuffle(shuffled)

    def deliver(event):
        try:
            raw = f'{{"id": "{event}"}}'.encode()
            return take_in_delivery(raw, channel="webhook", external_id=event, by=by)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        taken = list(pool.map(deliver, shuffled))

    assert sum(one.is_new for one in taken) == DELIVERIES
    copies = dict(Inbound.objects.values_list("external_id", "copies"))
    assert copies == {event: count - 1 for event, count in times.items()}
