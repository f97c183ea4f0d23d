"""Who may, what is shown, what is redrawn."""

import json

import pytest
from django.urls import reverse

from shouwen.accounts.models import ReadLog
from shouwen.accounts.tests.factories import DepartmentFactory, StaffFactory
from shouwen.customers.models import Customer, FriendGroup, Tag
from shouwen.customers.tests.factories import (
    AssetFactory,
    ContactPointFactory,
    CustomerFactory,
    FriendGroupFactory,
    TagFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(client):
    staff = StaffFactory(role="agent")
    client.force_login(staff)
    return staff


@pytest.fixture
def leader(client):
    staff = StaffFactory(role="supervisor")
    client.force_login(staff)
    return staff


def url(name, *args):
    return reverse(f"customers:{name}", args=args)


def text(response):
    return response.content.decode()


class TestList:
    def test_shows_customers_masked(self, client, agent):
        customer = ContactPointFactory(value="13800137719").customer

        page = text(client.get(url("list")))

        assert customer.name in page
        assert "138****7719" in page
        assert "13800137719" not in page

    def test_narrows(self, client, agent):
        CustomerFactory(name="周玉兰", flag="red", is_quality=True)
        CustomerFactory(name="陈国强")

        page = text(client.get(url("list"), {"q": "zyl", "flag": "red", "quality": "on"}))

        assert "周玉兰" in page
        assert "陈国强" not in page

    def test_says_so_when_nobody_matches(self, client, agent):
        assert text(client.get(url("list"), {"q": "没有"})).count("<tr>") == 0

    def test_nonsense_filters_show_everyone(self, client, agent):
        CustomerFactory(name="周玉兰")

        assert "周玉兰" in text(client.get(url("list"), {"flag": "pink"}))

    def test_pages_by_key(self, client, agent):
        CustomerFactory.create_batch(51)

        page = text(client.get(url("list")))

        assert "?after=" in page

    def test_refuses_who_may_not_see_customers(self, client):
        client.force_login(StaffFactory())

        assert client.get(url("list")).status_code == 403

    def test_reads_in_few_queries(self, client, agent, django_assert_max_num_queries):
        for _ in range(20):
            AssetFactory(customer=ContactPointFactory().customer)

        client.get(url("list"))  # looks up what is ill, for the next ten seconds

        with django_assert_max_num_queries(10):
            client.get(url("list"))


class TestFile:
    def test_shows_card_and_timeline(self, client, agent):
        customer = CustomerFactory(flag="red", flag_note="等退款", remarks="轮椅")
        customer.tags.add(TagFactory(name="业主"), through_defaults={"added_by": agent})

        page = text(client.get(url("file", customer.pk)))

        for shown in ("周玉兰", "等退款", "轮椅", "业主", customer.number):
            assert shown in page

    def test_is_not_there_for_another_department(self, client, agent):
        customer = CustomerFactory(department=DepartmentFactory())

        assert client.get(url("file", customer.pk)).status_code == 404

    def test_the_name_is_masked_where_the_role_says_so(self, client):
        client.force_login(StaffFactory(role="finance"))
        page = text(client.get(url("file", CustomerFactory().pk)))

        assert "周*兰" in page
        assert "周玉兰" not in page

    @pytest.mark.duty("D423")
    def test_seeing_it_in_clear_is_on_record(self, client):
        seer = StaffFactory(role="administrator")
        client.force_login(seer)

        page = text(client.get(url("file", ContactPointFactory(value="13800137719").customer.pk)))

        assert "13800137719" in page
        assert ReadLog.objects.get().staff == seer

    def test_older_entries_come_as_a_fragment(self, client, agent):
        customer = CustomerFactory()
        for colour in ["red", ""] * 16:
            client.post(url("flag", customer.pk), {"flag": colour, "note": ""})
        cursor = (
            text(client.get(url("file", customer.pk))).partition("?after=")[2].partition('"')[0]
        )

        more = client.get(
            url("file", customer.pk), {"after": cursor}, headers={"HX-Request": "true"}
        )

        assert "<html" not in text(more)
        assert text(more).count("<li") == 2

    def test_a_long_name_and_markup_are_shown_as_they_are(self, client, agent):
        customer = CustomerFactory(name="<script>alert(1)</script>", remarks="<b>x</b>")

        page = text(client.get(url("file", customer.pk)))

        assert "<script>alert(1)" not in page
        assert "<b>x</b>" not in page


EDITS = [
    ("name", {"name": "陈国强", "salutation": "sir", "kind": "person"}),
    ("flag", {"flag": "blue", "note": "老客户"}),
    ("remarks", {"text": "午休勿扰", "seen": ""}),
    ("tags", {"names": ["业主"]}),
    ("quality", {"is_quality": "on", "reason": "年消费 3 万"}),
    ("contact_new", {"kind": "phone", "value": "13900001111"}),
    ("asset_new", {"kind": "flat", "label": "3栋1102", "details": "用途：自住\n\n朝南"}),
]


class TestEdits:
    @pytest.mark.parametrize(("name", "entered"), EDITS)
    def test_ask_in_a_dialog_and_redraw_the_card(self, client, agent, name, entered):
        customer = CustomerFactory()

        asked = client.get(url(name, customer.pk))
        done = client.post(url(name, customer.pk), entered)

        assert "<dialog" in text(asked)
        assert done.status_code == 200
        assert done["HX-Retarget"] == f"#customer-card-{customer.pk}"
        assert "dialog:close" in json.loads(done["HX-Trigger"])
        assert f'id="customer-card-{customer.pk}"' in text(done)

    @pytest.mark.parametrize(("name", "_entered"), EDITS)
    def test_refuse_who_may_not_edit(self, client, name, _entered):
        client.force_login(StaffFactory(role="finance"))

        assert client.get(url(name, CustomerFactory().pk)).status_code == 403

    @pytest.mark.parametrize(("name", "_entered"), EDITS)
    def test_do_not_find_a_customer_of_others(self, client, agent, name, _entered):
        customer = CustomerFactory(department=DepartmentFactory())

        assert client.get(url(name, customer.pk)).status_code == 404

    @pytest.mark.parametrize(
        ("name", "entered"),
        [
            ("name", {"name": "", "kind": "person"}),
            ("flag", {"flag": "pink"}),
            ("contact_new", {"kind": "phone", "value": "没有电话"}),
            ("asset_new", {"kind": "flat", "label": ""}),
            ("tags", {"names": ["很" * 21]}),
        ],
    )
    def test_what_is_refused_is_said_in_the_dialog(self, client, agent, name, entered):
        response = client.post(url(name, CustomerFactory().pk), entered)

        assert response.status_code == 422
        assert "<form" in text(response)
        assert "<dialog" not in text(response)

    def test_remarks_of_a_colleague_are_not_overwritten(self, client, agent):
        customer = CustomerFactory(remarks="母亲 82 岁")

        response = client.post(url("remarks", customer.pk), {"text": "午休勿扰", "seen": ""})

        assert response.status_code == 422
        assert "母亲 82 岁" in text(response)

    def test_taking_all_tags_off(self, client, agent):
        customer = CustomerFactory()
        customer.tags.add(TagFactory(), through_defaults={"added_by": agent})

        client.post(url("tags", customer.pk), {})

        assert not customer.tags.exists()

    def test_contact_points_change_places_and_go(self, client, agent):
        first = ContactPointFactory()
        second = ContactPointFactory(customer=first.customer, is_primary=False)

        client.post(url("contact_primary", first.customer_id, second.pk))
        client.post(url("contact_remove", first.customer_id, first.pk))

        assert [p.pk for p in first.customer.contact_points.filter(is_primary=True)] == [second.pk]
        assert first.customer.contact_points.count() == 1

    def test_a_contact_point_of_another_customer_is_not_found(self, client, agent):
        other = ContactPointFactory()

        response = client.post(url("contact_remove", CustomerFactory().pk, other.pk))

        assert response.status_code == 404

    def test_an_asset_is_changed_and_removed(self, client, agent):
        asset = AssetFactory(attributes={"用途": "自住"})
        customer = asset.customer

        assert "用途：自住" in text(client.get(url("asset_edit", customer.pk, asset.pk)))
        client.post(
            url("asset_edit", customer.pk, asset.pk), {"label": "沪A12345", "details": "白:"}
        )
        asset.refresh_from_db()
        assert (asset.label, asset.attributes) == ("沪A12345", {"白": ""})

        client.post(url("asset_remove", customer.pk, asset.pk))
        assert not customer.assets.exists()

    @pytest.mark.duty("D511")
    def test_a_friend_is_put_in_groups(self, client, agent):
        customer = CustomerFactory(salutation="madam")
        point = ContactPointFactory(customer=customer, kind="im", platform="qq", value="123456")
        group = FriendGroupFactory(name="面膜")
        address = url("friend", customer.pk, point.pk)
        entered = {"groups": [group.pk], "activity": "双十一", "age": "34", "sex": "female"}

        first = text(client.get(address))
        card = text(client.post(address, entered))
        again = text(client.get(address))

        assert '<option value="female" selected' in first
        assert "面膜 · 双十一" in card
        assert 'value="双十一"' in again


class TestNewCustomer:
    ENTERED = {"name": "周玉兰", "kind": "person", "phone": "13800137719", "mail": "z@x.cn"}

    def test_opens_a_file_of_the_own_department(self, client):
        agent = StaffFactory(role="agent", department=DepartmentFactory())
        client.force_login(agent)
        assert "<dialog" in text(client.get(url("new")))

        response = client.post(url("new"), self.ENTERED)

        customer = Customer.objects.get()
        assert response["HX-Redirect"] == url("file", customer.pk)
        assert customer.department == agent.department
        assert customer.contact_points.count() == 2

    def test_leads_to_the_file_that_is_there(self, client, agent):
        known = ContactPointFactory(value="13800137719").customer

        response = client.post(url("new"), self.ENTERED)

        assert response["HX-Redirect"] == url("file", known.pk)
        assert Customer.objects.count() == 1

    def test_says_when_another_department_has_it(self, client, agent):
        known = CustomerFactory(department=DepartmentFactory(), name="陈国强")
        ContactPointFactory(customer=known, value="13800137719")

        response = client.post(url("new"), self.ENTERED)

        assert response.status_code == 422
        assert known.number in text(response)
        assert "陈国强" not in text(response)

    def test_refuses_a_phone_number_that_is_none(self, client, agent):
        response = client.post(url("new"), self.ENTERED | {"phone": "没有"})

        assert response.status_code == 422
        assert not Customer.objects.exists()


class TestReveal:
    @pytest.mark.duty("D423")
    def test_asks_why_then_shows_one_value(self, client, agent):
        point = ContactPointFactory(value="13800137719")
        address = url("reveal", point.customer_id, f"contact-{point.pk}")

        asked = client.get(address)
        shown = client.post(address, {"why": "call_back", "words": "下午约好"})

        assert "13800137719" not in text(asked)
        assert "13800137719" in text(shown)
        assert "no-store" in shown["Cache-Control"]
        assert ReadLog.objects.get().reason.endswith("下午约好")

    def test_another_reason_needs_words(self, client, agent):
        point = ContactPointFactory(value="13800137719")
        address = url("reveal", point.customer_id, f"contact-{point.pk}")

        response = client.post(address, {"why": "custom", "words": " "})

        assert response.status_code == 422
        assert "13800137719" not in text(response)

    def test_other_words_are_the_reason(self, client, agent):
        address = url("reveal", CustomerFactory().pk, "name")

        client.post(address, {"why": "custom", "words": "寄中奖礼品"})

        assert ReadLog.objects.get().reason == "寄中奖礼品"

    def test_says_so_when_it_is_gone(self, client, agent):
        response = client.post(
            url("reveal", CustomerFactory().pk, "contact-0"), {"why": "call_back"}
        )

        assert response.status_code == 422

    def test_a_role_that_may_not_is_refused(self, client):
        client.force_login(StaffFactory(role="finance"))

        assert client.get(url("reveal", CustomerFactory().pk, "name")).status_code == 403


class TestTagList:
    def test_is_for_who_manages_tags(self, client, agent):
        assert client.get(url("tag_list")).status_code == 403

    def test_shows_tags_with_their_customers(self, client, leader):
        TagFactory(name="业主")
        FriendGroupFactory(name="面膜")

        page = text(client.get(url("tag_list")))

        assert "业主" in page
        assert "面膜" in page

    def test_adds_and_changes(self, client, leader):
        assert "<dialog" in text(client.get(url("tag_new")))
        client.post(url("tag_new"), {"name": "业主", "tone": "accent"})
        tag = Tag.objects.get()
        response = client.post(url("tag_edit", tag.pk), {"name": "住户", "tone": "kept"})
        client.post(url("group_new"), {"name": "面膜", "basis": "product"})

        assert response["HX-Refresh"] == "true"
        assert Tag.objects.get().name == "住户"
        assert FriendGroup.objects.get().name == "面膜"

    def test_says_when_a_name_is_taken(self, client, leader):
        TagFactory(name="业主")

        response = client.post(url("tag_new"), {"name": "业主", "tone": "plain"})

        assert response.status_code == 422
