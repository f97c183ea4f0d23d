"""The look at system, phone and network comes before the desk, by whatever address one comes. (D153)"""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from shouwen.accounts.operations.presence import set_presence
from shouwen.conversations.tests.factories import LineFactory
from shouwen.conversations.tests.make import a_leader
from shouwen.conversations.urls import urlpatterns
from shouwen.notices.operations import check_start_of_day

pytestmark = pytest.mark.django_db
LOOK = "/health/start-of-day/?next="
# Lines travel as they do on the socket: what was typed is never refused for want of a look.
LINES = {"lines", "recall", "upload"}
AT_THE_DESK = [one for one in urlpatterns if str(one.pattern).startswith("workspace/")]


@pytest.fixture(autouse=True)
def signed_in(client, agent):
    client.force_login(agent)


@pytest.mark.duty("D153")
@pytest.mark.parametrize("one", AT_THE_DESK, ids=lambda one: one.name)
@pytest.mark.parametrize("method", ["get", "post"])
def test_no_address_of_the_desk_goes_round_the_look(client, talk, one, method):
    names = list(one.pattern.converters)
    address = reverse(f"conversations:{one.name}", args=[talk.pk for _name in names])

    answer = getattr(client, method)(address)

    is_sent_to_look = answer.headers.get("Location", "").startswith(LOOK)
    assert is_sent_to_look == (one.name not in LINES)


@pytest.mark.duty("D153")
def test_a_direct_link_is_opened_after_the_look(client, talk):
    link = f"/workspace/{talk.pk}?line=3"

    look = client.get(link)["Location"]
    well = {"system": "well", "phone": "well", "network": "well"}
    back = client.post(look, well)["Location"]

    assert back == link
    assert client.get(back).status_code == 200


def test_a_fragment_sends_its_page_to_the_look_and_back(client, talk):
    page = f"https://service.example/workspace/{talk.pk}"
    headers = {"HX-Request": "true", "HX-Current-URL": page}

    answer = client.get(f"/workspace/{talk.pk}/head", headers=headers)

    assert answer["HX-Redirect"] == f"{LOOK}/workspace/{talk.pk}"


def test_leaders_and_those_who_looked_are_not_sent(client, agent, talk, queue):
    check_start_of_day({}, at=timezone.now(), by=agent)
    assert client.get(f"/workspace/{talk.pk}").status_code == 200
    client.force_login(a_leader(queue))
    assert client.get(f"/workspace/{talk.pk}").status_code == 200


class TestPastMidnight:
    @pytest.fixture
    def yesterday(self, agent, talk):
        """It is half past midnight; the agent looked before midnight and has been online since."""
        LineFactory(conversation=talk)
        midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        before = midnight - timedelta(minutes=5)
        with time_machine.travel(midnight + timedelta(minutes=30)):
            yield self.look(agent, before)

    def look(self, agent, before):
        set_presence(agent.pk, state="busy", at=before, by=agent)
        check_start_of_day({}, at=before, by=agent)
        return before

    def test_who_stayed_at_work_is_not_interrupted(self, client, talk, yesterday):
        assert client.get(f"/workspace/{talk.pk}/head").status_code == 200

    def test_who_left_and_came_back_looks_again(self, client, agent, talk, yesterday):
        for minutes, state in ((1, "offline"), (2, "online")):
            at = yesterday + timedelta(minutes=minutes)
            set_presence(agent.pk, state=state, at=at, by=agent)
        cache.clear()

        assert client.get(f"/workspace/{talk.pk}")["Location"].startswith(LOOK)
