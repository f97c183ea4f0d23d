"""The desk of the loader: departments, sixty agents and twelve queues beside those of the demo."""

import os
from dataclasses import dataclass
from random import Random

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouwen.config.settings")
django.setup(set_prefix=False)

from bench.inboxtexts import person_name  # noqa: E402 - needs a set-up Django
from shouwen.accounts.models import Department, Role, Staff  # noqa: E402
from shouwen.accounts.operations.staff import create_staff  # noqa: E402
from shouwen.accounts.queries import system_staff  # noqa: E402
from shouwen.conversations.models import Queue  # noqa: E402
from shouwen.conversations.operations.setup import save_queue  # noqa: E402
from shouwen.demo.company import PASSWORD as PASSWORD  # noqa: E402

AGENTS, QUEUES = 60, 12
HOMES = ("property-service", "service", "operations", "engineering")
# Nothing on the bench becomes a message because the data is older than this hour.
FOR_EVER = 10 * 365 * 24 * 3600


@dataclass(frozen=True)
class Line:
    """One queue as the loader needs it."""

    pk: int
    department: int
    members: tuple[int, ...]
    names: tuple[str, ...]


def build_desk() -> list[Line]:
    """All queues with their members; those of the demo first."""
    random, by = Random(7), system_staff()
    homes = list(Department.objects.filter(code__in=HOMES).order_by("pk"))
    role = Role.objects.get(code="online_agent")
    agents = [
        create_staff(
            roles=[role], by=by, username=f"agent{number:02}", staff_number=f"7{number:03}",
            name=person_name(random), department=homes[number % len(homes)],
        )
        for number in range(AGENTS)
    ]  # fmt: skip
    for number in range(QUEUES):
        home = homes[number % len(homes)]
        members = [one for one in agents if one.department_id == home.pk][number // 4 :: 3]
        queue = Queue(code=f"group{number}", name=f"{home.name} {number + 1} 组", department=home)
        save_queue(queue, members=members, by=by)
    Queue.objects.update(wait_limit_seconds=FOR_EVER)
    return [_line(queue) for queue in Queue.objects.order_by("pk").prefetch_related("members")]


def _line(queue: Queue) -> Line:
    members: list[Staff] = sorted(queue.members.all(), key=lambda one: one.pk)
    return Line(
        pk=queue.pk,
        department=queue.department_id,
        members=tuple(one.pk for one in members),
        names=tuple(one.public_name for one in members),
    )
