"""Who talks in `bench.chat`: agents with a session, visitors with a token, conversations they are in.

Run under the product's settings; prints JSON.
"""

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouwen.config.settings")
django.setup(set_prefix=False)

from django.utils import timezone  # noqa: E402 - needs a set-up Django

from shouwen.conversations.models import Conversation, Visitor  # noqa: E402
from shouwen.conversations.operations.serving import claim_conversation  # noqa: E402
from shouwen.conversations.queries.visitors import token_hash  # noqa: E402
from shouwen.conversations.tests.factories import QueueFactory, VisitorFactory, WidgetSiteFactory  # noqa: E402
from shouwen.conversations.tests.make import an_agent, say  # noqa: E402
from shouwen.conversations.tests.socket_driver import signed_in  # noqa: E402


def people(talks: int, idle: int) -> dict[str, object]:
    """`talks` conversations between a visitor and an agent each, and `idle` visitors who only look."""
    site = WidgetSiteFactory(queue=QueueFactory(waiting_limit=10_000))
    path = f"/ws/widget/{site.key}"
    found = []
    for number in range(talks):
        token, agent = f"talker-{number}", an_agent(site.queue, state=None)
        visitor = VisitorFactory(site=site, token=token)
        say(visitor.pk, "您好,请问在吗?", at=timezone.now())
        talk = Conversation.objects.get(visitor=visitor)
        claim_conversation(talk.pk, by=agent, at=timezone.now())
        [(name, key)] = signed_in(agent).items()
        hello = {"type": "hello", "token": token, "after": 0}
        follow = {"type": "follow", "conversation": talk.pk, "after": 0}
        found.append(
            {
                "visitor": {"path": path, "hello": hello},
                "agent": {
                    "path": "/ws/staff",
                    "cookie": f"{name}={key}",
                    "hello": follow,
                    "conversation": talk.pk,
                },
            }
        )
    names = [f"idle-{number}" for number in range(idle)]
    at = timezone.now()
    Visitor.objects.bulk_create(
        [
            Visitor(site=site, token_hash=token_hash(name), short_name=f"{n:04X}", seen_at=at)
            for n, name in enumerate(names)
        ]
    )
    lookers = [
        {"path": path, "hello": {"type": "hello", "token": name, "after": 0}} for name in names
    ]
    return {"talks": found, "visitors": lookers}


if __name__ == "__main__":
    print(json.dumps(people(int(sys.argv[1]), int(sys.argv[2]))))
