"""Pages: who may, what is shown, how many queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shouwen.accounts.models import Department, PostProfile, ReadLog, Role, Staff
from shouwen.accounts.operations.post_seeds import install_posts
from shouwen.accounts.operations.roles import install_roles
from shouwen.accounts.tests.factories import DepartmentFactory, RoleFactory, StaffFactory
from shouwen.accounts.urls import urlpatterns

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    staff = StaffFactory(role="administrator")
    client.force_login(staff)
    return staff


def url(name, *args):
    return reverse(f"accounts:{name}", args=args)


def queries_of(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    return len(asked)


STAFF_FIELDS = {
    "name": "王芳",
    "staff_number": "KF9001",
    "username": "wangfang",
    "skills": "投诉,物业 投诉",
    "languages": "普通话",
    "reception_limit": "8",
    "is_regular": "on",
    "phone": "13900001111",
    "address": "成都",
}


class TestWhoMay:
    @pytest.mark.parametrize(
        "name",
        ["staff_list", "staff_new", "department_new", "role_new", "read_log", "presence_day"],
    )
    def test_an_agent_is_told_what_is_missing(self, client, name):
        client.force_login(StaffFactory(role="agent"))
        response = client.get(url(name))
        assert response.status_code == 403
        assert "。" in response.content.decode() or "." in response.content.decode()

    def test_every_view_says_who_may_use_it(self):
        assert all(one.callback.access for one in urlpatterns)

    def test_a_view_that_refuses_says_so_on_a_page(self, client):
        post = PostProfile.objects.create(
            code="x", name="x", author=StaffFactory(), status="published", receives=["bugs"]
        )
        message = post.messages.create(
            kind="bugs", text="x", by=StaffFactory(), at="2026-11-02T00:00Z"
        )
        client.force_login(StaffFactory(role="agent"))
        answer = url("post_message_answer", post.pk, message.pk)
        assert client.post(answer, {"answer": "x"}).status_code == 404


class TestStaffPages:
    @pytest.mark.parametrize("name", ["staff_list", "directory", "presence_day", "role_list"])
    def test_thirty_people_take_as_many_queries_as_two(self, client, admin, name):
        install_roles()
        department = DepartmentFactory()
        StaffFactory(role="agent", department=department)
        few = queries_of(client, url(name))
        for _n in range(30):
            StaffFactory(role="agent", department=department)
        assert queries_of(client, url(name)) <= few <= 40

    def test_the_list_finds_by_initials(self, client, admin):
        StaffFactory()
        StaffFactory(name="王芳")
        assert "王芳" in client.get(url("staff_list")).content.decode()
        page = client.get(url("staff_list"), {"q": "wf"}).content.decode()
        assert "王芳" in page
        assert "员工" not in page.split("<tbody>")[1]
        assert "sw-empty" in client.get(url("staff_list"), {"q": "zzzz"}).content.decode()

    def test_the_list_pages_by_key(self, client, admin):
        for _n in range(60):
            StaffFactory()
        page = client.get(url("staff_list"))
        cursor = page.context["page"].next_cursor
        rest = client.get(url("staff_list"), {"after": cursor}).context["page"]
        assert len(page.context["page"].rows) == 50
        assert len(rest.rows) == 11

    def test_adds_and_changes_somebody(self, client, admin):
        agent = RoleFactory(code="agent")
        fields = STAFF_FIELDS | {"roles": [agent.pk], "password": "quiet river 42"}
        assert client.post(url("staff_new"), fields).status_code == 302
        staff = Staff.objects.get(username="wangfang")
        assert staff.skills == ["投诉", "物业"]
        assert staff.may("accounts.see_staff")

        assert client.get(url("staff_edit", staff.pk)).status_code == 200
        changed = STAFF_FIELDS | {"name": "王小芳", "roles": [], "is_system": "on"}
        assert client.post(url("staff_edit", staff.pk), changed).status_code == 302
        staff.refresh_from_db()
        assert (staff.name, staff.is_system, staff.roles.count()) == ("王小芳", False, 0)

    @pytest.mark.duty("D302")
    def test_phone_and_address_are_mandatory_for_regular_staff(self, client, admin):
        fields = STAFF_FIELDS | {"phone": "", "address": ""}
        response = client.post(url("staff_new"), fields)
        assert response.status_code == 422
        assert set(response.context["form"].errors) == {"phone", "address"}
        del fields["is_regular"]
        assert client.post(url("staff_new"), fields).status_code == 302

    def test_a_refusal_stands_in_the_form(self, client, admin):
        StaffFactory(username="wangfang")
        response = client.post(url("staff_new"), STAFF_FIELDS)
        assert response.status_code == 422
        assert "wangfang" in str(response.context["form"].non_field_errors())

    @pytest.mark.parametrize(
        "action", ["deactivate", "reactivate", "sign-out", "invite", "remove-second-factor", "no"]
    )
    def test_actions_lead_back(self, client, admin, action):
        staff = StaffFactory()
        assert client.post(url("staff_act", staff.pk, action)).url == url("staff_edit", staff.pk)
        staff.refresh_from_db()
        assert staff.is_active == (action != "deactivate")

    def test_choices_for_pick_lists(self, client, admin):
        StaffFactory(name="王芳")
        rows = client.get(url("staff_choices"), {"q": "wf"}).json()["results"]
        assert [row["text"] for row in rows] == ["王芳"]


class TestDirectory:
    @pytest.mark.duty("D302")
    def test_names_the_gaps_to_who_can_close_them(self, client, admin):
        StaffFactory(name="李无话", phone="")
        assert "李无话" in client.get(url("directory")).content.decode().split("<table")[0]

    def test_hides_details_from_agents(self, client):
        one = StaffFactory(phone="13912345678")
        client.force_login(StaffFactory(role="agent"))
        page = client.get(url("directory")).content.decode()
        assert one.name in page
        assert "13912345678" not in page
        assert client.get(url("group_cards")).status_code == 403

    @pytest.mark.duty("D303")
    def test_group_cards_are_text_one_person_or_all_and_logged(self, client, admin):
        one = StaffFactory(name="王芳", phone="13900001111")
        response = client.get(url("group_card", one.pk))
        assert "王芳-13900001111" in response.content.decode()
        assert len(client.get(url("group_cards")).content.decode().splitlines()) == 2
        assert [read.count for read in ReadLog.objects.order_by("pk")] == [1, 2]
        assert "王芳" in client.get(url("read_log")).content.decode()


class TestDepartments:
    def test_found_add_move_close_and_appoint(self, client, admin):
        assert "sw-empty" in client.get(url("department_list")).content.decode()
        client.post(url("department_found"), {"trade": "property"})
        service = Department.objects.get(code="service")
        fields = {"name": "夜班组", "code": "night", "function": "service", "parent": service.pk}
        assert client.post(url("department_new"), fields).status_code == 302
        night = Department.objects.get(code="night")
        assert night.path.startswith(service.path)
        assert client.get(url("department_edit", night.pk)).status_code == 200
        office = Department.objects.get(code="administration")
        fields["parent"] = office.pk
        assert client.post(url("department_edit", night.pk), fields).status_code == 422
        client.post(url("department_close", night.pk))
        assert "夜班组" not in client.get(url("department_list")).content.decode()
        assert client.get(url("responsibilities")).status_code == 200
        marketing = Department.objects.get(code="marketing")
        client.post(url("responsibilities"), {"hotline_department": marketing.pk})
        assert "市场营销部" in client.get(url("department_list")).content.decode()


class TestRoles:
    def test_list_and_matrix_name_who_holds_what(self, client, admin):
        install_roles()
        StaffFactory(name="王芳", role="agent")
        assert "王芳" in client.get(url("role_list")).content.decode()
        assert "王芳" in client.get(url("role_matrix")).content.decode()
        assert len(client.get(url("role_matrix"), {"all": 1}).context["roles"]) > 40

    def test_makes_and_changes_a_role(self, client, admin):
        fields = {"given_name": "夜班", "code": "night", "reach": "own"}
        response = client.post(url("role_new"), fields)
        role = Role.objects.get(code="night")
        assert response.url == url("role_edit", role.pk)
        assert client.post(url("role_new"), fields).status_code == 422
        client.post(url("role_edit", role.pk), fields | {"permissions": ["accounts.see_staff"]})
        role.refresh_from_db()
        assert role.permissions == ["accounts.see_staff"]
        assert "checked" in client.get(url("role_edit", role.pk)).content.decode()


class TestOwnPages:
    def test_profile_changes_contact_data(self, client):
        staff = StaffFactory(role="agent")
        client.force_login(staff)
        assert client.get(url("profile")).status_code == 200
        fields = {"display_name": "小王", "phone": "1", "mail": "a@b.cn", "reception_limit": 99}
        assert client.post(url("profile"), fields).status_code == 302
        staff.refresh_from_db()
        assert (staff.display_name, staff.reception_limit) == ("小王", 5)

    def test_the_presence_switch_redraws_itself(self, client):
        client.force_login(StaffFactory(role="agent"))
        assert client.get(url("presence")).status_code == 200
        page = client.post(url("presence"), {"state": "online"}).content.decode()
        assert 'aria-pressed="true"' in page
        assert client.post(url("presence"), {"state": "break"}).status_code == 422
        page = client.post(url("presence"), {"state": "break", "reason": "午餐"}).content.decode()
        assert "午餐" in page

    def test_a_changed_presence_redraws_the_mark_beside_the_name(self, client):
        client.force_login(StaffFactory(role="agent"))

        page = client.post(url("presence"), {"state": "busy"}).content.decode()

        assert 'id="rail-me" hx-swap-oob="true"' in page
        assert 'data-state="late"' in page

    def test_sign_ins_password_and_totals_are_shown(self, client, admin):
        for name in ("sign_ins", "password_change", "presence_day", "read_log", "staff_new"):
            assert client.get(url(name)).status_code == 200
        assert client.get(url("presence_day"), {"day": "2026-13-45"}).status_code == 200


class TestPostPages:
    @pytest.mark.duty("D360", "D131")
    def test_a_job_description_from_draft_to_published(self, client):
        install_roles()
        author, expert = StaffFactory(role="supervisor"), StaffFactory(role="service_manager")
        client.force_login(author)
        words = {
            "code": "night",
            "name": "夜班客服",
            "level": "junior",
            "reports_to": "客服主管",
            "place": "成都",
            "overview": "概述甲",
            "duties": "接听电话\n记录工单",
            "experience": "一年经验",
            "hours": "五天八小时",
            "environment": "室内",
            "benefits": "五险一金",
            "development": "晋升班长",
            "summary": "总结乙",
            "contact": "人力资源部门",
            "skills-TOTAL_FORMS": "1",
            "skills-INITIAL_FORMS": "0",
            "skills-0-name": "打字",
            "skills-0-level": "expert",
        }
        assert client.get(url("post_new")).status_code == 200
        response = client.post(url("post_new"), words)
        post = PostProfile.objects.get(code="night")
        assert response.url == url("post_detail", post.pk)
        page = client.get(response.url).content.decode()
        for word in (
            "客服主管",
            "概述甲",
            "记录工单",
            "一年经验",
            "五险一金",
            "晋升班长",
            "总结乙",
        ):
            assert word in page
        assert client.get(url("post_edit", post.pk)).status_code == 200
        client.post(url("post_send_for_review", post.pk))

        client.force_login(expert)
        client.post(url("post_publish", post.pk))
        assert client.post(url("post_review", post.pk), {"verdict": "approve"}).status_code == 422
        review = {"experience": "十年", "comment": "可以", "verdict": "approve"}
        client.post(url("post_review", post.pk), review)
        client.post(url("post_publish", post.pk))

        client.force_login(StaffFactory(role="agent"))
        assert "夜班客服" in client.get(url("post_list")).content.decode()

    @pytest.mark.duty("D325")
    def test_a_bug_is_sent_and_answered(self, client):
        install_roles()
        install_posts()
        PostProfile.objects.update(status="published")
        post = PostProfile.objects.get(code="software-engineer")
        client.force_login(StaffFactory(role="agent"))
        client.post(url("post_message", post.pk), {"kind": "bugs", "text": "白屏"})
        assert (
            client.post(url("post_message", post.pk), {"kind": "x", "text": "y"}).status_code == 422
        )
        client.force_login(StaffFactory(role="software_engineer"))
        assert "白屏" in client.get(url("post_detail", post.pk)).content.decode()
        message = post.messages.get()
        client.post(url("post_message_answer", post.pk, message.pk), {"answer": "已修复"})
        assert "已修复" in client.get(url("post_detail", post.pk)).content.decode()
