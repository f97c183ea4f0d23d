"""Kinds of cases are edited by who may, with every mistake at its place, and exported again."""

import zipfile
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone

from shouwen.accounts.queries import system_staff
from shouwen.accounts.tests.factories import DepartmentFactory, StaffFactory
from shouwen.cases.definitions import KindDefinition
from shouwen.cases.models import CaseKind
from shouwen.cases.operations.kinds import install_kinds, save_kind
from shouwen.cases.tests.make import COMPLAINT, a_case, a_kind
from shouwen.deadlines.operations import install_calendars
from shouwen.packs.forms.rows import ClockRow, FieldRow, StepRow
from shouwen.packs.loading import check_text, packs_folder, read_pack
from shouwen.packs.operations import install_pack
from shouwen.packs.writing import kind_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client):
    staff = StaffFactory(role="service_manager", department=DepartmentFactory())
    client.force_login(staff)
    return client


@pytest.fixture
def kind(db):
    install_calendars(by=system_staff())
    return a_kind()


def at(name: str, *arguments: object) -> str:
    return reverse(f"packs:{name}", args=arguments)


def posted(row, entries, **more: str) -> dict[str, str]:
    """Rows as the page sends them: those that are there, and one behind."""
    typed = {
        "row-TOTAL_FORMS": str(len(entries) + 1),
        "row-INITIAL_FORMS": str(len(entries)),
        **more,
    }
    for number, entry in enumerate(entries):
        shown = {"ORDER": number + 1, **row.initial_of(entry)}
        for name, value in shown.items():
            if value is False:
                continue
            typed[f"row-{number}-{name}"] = (
                "on" if value is True else "" if value is None else str(value)
            )
    return typed


class TestList:
    def test_shows_kinds_by_pack_and_packs_to_install(self, manager):
        install_pack(read_pack(packs_folder() / "general"), by=system_staff())

        page = manager.get(at("kinds")).content.decode()

        assert "技术问题" in page
        assert reverse("packs:pack_install", args=["property"]) in page
        assert reverse("packs:pack_install", args=["general"]) not in page

    def test_installing_twice_changes_nothing(self, manager):
        for _round in range(2):
            manager.post(at("pack_install", "property"), follow=True)

        assert CaseKind.objects.get(code="complaint").versions.count() == 1

    def test_says_what_was_kept_although_the_pack_is_newer(self, manager):
        newer = next(
            one for one in read_pack(packs_folder() / "property").kinds if one.code == "repair"
        )
        older = newer.model_copy(update={"name": "旧报修"})
        install_kinds([older], pack="property", by=system_staff())
        kind = CaseKind.objects.get()
        save_kind({**kind.definition, "name": "我们的报修"}, by=system_staff())

        page = manager.post(at("pack_install", "property"), follow=True).content.decode()
        assert "我们的报修" in page

        page = manager.get(at("kind", "repair")).content.decode()
        assert "name: 我们的报修" in page
        assert "name: 报修" in page
        manager.post(at("kind_act", "repair", "take"))
        assert CaseKind.objects.get(code="repair").name == "报修"

    def test_knows_only_packs_that_are_there(self, manager):
        assert manager.post(at("pack_install", "moon")).status_code == 404
        assert manager.get(at("pack_file", "moon")).status_code == 404


class TestKindPage:
    def test_shows_all_of_it(self, manager):
        install_pack(read_pack(packs_folder() / "property"), by=system_staff())

        page = manager.get(at("kind", "complaint")).content.decode()

        for words in ("房号", "凡因工作不当", "停车场", "听清楚", "主管副总经理", "减免费用", "TS"):
            assert words in page

    def test_retires_and_brings_back(self, manager, kind):
        for verb, is_active in (("retire", False), ("restore", True)):
            manager.post(at("kind_act", "complaint", verb))
            assert CaseKind.objects.get().is_active is is_active
        assert manager.post(at("kind_act", "complaint", "eat")).status_code == 404

    def test_an_older_version_is_read_and_made_to_hold_again(self, manager, kind):
        save_kind({**COMPLAINT, "name": "业主投诉"}, by=system_staff())
        url = at("kind_version", "complaint", 1)

        assert "name: 业主投诉" in manager.get(url).content.decode()
        manager.post(at("version_restore", "complaint", 1))

        kind.refresh_from_db()
        assert (kind.name, kind.versions.count()) == ("投诉", 3)
        assert manager.get(at("kind_version", "complaint", 9)).status_code == 404


class TestExport:
    def test_a_kind_comes_back_as_it_is(self, manager, kind):
        text = manager.get(at("kind_file", "complaint")).content.decode()

        assert check_text(text, KindDefinition) == (kind.defined, [])

    def test_a_pack_that_was_edited_loads_to_the_same_kinds(self, manager, tmp_path):
        install_pack(read_pack(packs_folder() / "property"), by=system_staff())
        repair = CaseKind.objects.get(code="repair")
        save_kind({**repair.definition, "name": "我们的报修"}, by=system_staff())

        archive = manager.get(at("pack_file", "property")).content
        zipfile.ZipFile(BytesIO(archive)).extractall(tmp_path)

        again = {one.code: one for one in read_pack(tmp_path / "property").kinds}
        assert again == {one.code: one.defined for one in CaseKind.objects.filter(pack="property")}


class TestText:
    def test_names_line_and_words_of_a_mistake(self, manager, kind):
        text = kind_text(kind.defined).replace("stage: accept", "stage: begin", 1)
        line = next(n for n, one in enumerate(text.splitlines(), 1) if "stage: begin" in one)

        answer = manager.post(at("kind_text", "complaint"), {"text": text})

        assert answer.status_code == 422
        page = answer.content.decode()
        assert f"第 {line} 行" in page
        assert "clocks.0.stage" in page

    def test_saves_what_makes_sense(self, manager, kind):
        text = kind_text(kind.defined).replace("name: 投诉", "name: 业主投诉")

        answer = manager.post(at("kind_text", "complaint"), {"text": text})

        assert answer.status_code == 302
        kind.refresh_from_db()
        assert kind.name == "业主投诉"

    def test_the_code_stays(self, manager, kind):
        text = kind_text(kind.defined).replace("code: complaint", "code: another")

        assert manager.post(at("kind_text", "complaint"), {"text": text}).status_code == 422

    def test_a_new_kind_begins_with_an_example_that_can_be_saved(self, manager):
        text = manager.get(at("kind_new")).context["form"]["text"].value()

        assert manager.post(at("kind_new"), {"text": text}).status_code == 302
        assert CaseKind.objects.get().pack == ""
        assert manager.post(at("kind_new"), {"text": text}).status_code == 422


class TestBasics:
    def test_changes_what_was_typed_and_nothing_else(self, manager, kind):
        form = manager.get(at("kind_basics", "complaint")).context["form"]
        typed = {name: value for name, value in form.initial.items() if value not in (None, False)}

        typed |= {"name": "业主投诉", "follow_up_days": 5, "targets": "engineering security"}
        answer = manager.post(at("kind_basics", "complaint"), typed)

        assert answer.status_code == 302
        kind = CaseKind.objects.get()
        wanted = {"name": "业主投诉", "follow_up_days": 5, "targets": ["engineering", "security"]}
        assert kind.defined == KindDefinition.model_validate({**COMPLAINT, **wanted})

    def test_refuses_a_prefix_that_makes_no_sense(self, manager, kind):
        form = manager.get(at("kind_basics", "complaint")).context["form"]
        typed = {name: value for name, value in form.initial.items() if value not in (None, False)}

        answer = manager.post(at("kind_basics", "complaint"), typed | {"numbers": "投诉"})

        assert answer.status_code == 422


class TestRows:
    @pytest.mark.parametrize(
        ("section", "row"), [("fields", FieldRow), ("steps", StepRow), ("clocks", ClockRow)]
    )
    def test_saving_what_is_there_changes_nothing(self, manager, section, row):
        install_pack(read_pack(packs_folder() / "property"), by=system_staff())
        kind = CaseKind.objects.get(code="complaint")

        url = at("kind_rows", "complaint", section)
        assert manager.get(url).status_code == 200
        answer = manager.post(url, posted(row, kind.definition[section]))

        assert answer.status_code == 302
        assert kind.versions.count() == 1

    def test_adds_moves_and_takes_out(self, manager, kind):
        typed = posted(FieldRow, COMPLAINT["fields"])
        typed |= {"row-0-ORDER": "9", "row-3-DELETE": "on"}
        typed |= {
            "row-4-code": "lift",
            "row-4-name": "电梯号",
            "row-4-type": "choice",
            "row-4-choices": "a 一号\nb 二号 → engineering\n",
            "row-4-ORDER": "1",
        }
        answer = manager.post(at("kind_rows", "complaint", "fields"), typed)

        assert answer.status_code == 302
        fields = CaseKind.objects.get().defined.fields
        assert [one.code for one in fields] == ["lift", "room", "phone", "area"]
        assert [one.hands_to for one in fields[0].choices] == [None, "engineering"]

    def test_says_a_mistake_at_its_row(self, manager, kind):
        typed = posted(FieldRow, COMPLAINT["fields"]) | {"row-1-code": "Room"}

        answer = manager.post(at("kind_rows", "complaint", "fields"), typed)

        assert answer.status_code == 422
        assert "code" in answer.context["rows"].forms[1].errors
        assert CaseKind.objects.get().versions.count() == 1

    def test_there_are_no_other_lists(self, manager, kind):
        assert manager.get(at("kind_rows", "complaint", "secrets")).status_code == 404


class TestDeadlines:
    def test_shows_who_would_be_late_before_it_saves(self, manager, kind):
        agent = StaffFactory(role="agent", department=DepartmentFactory())
        case = a_case(agent, kind=kind, at=timezone.now() - timezone.timedelta(days=12))
        always = {"calendar": "always"}
        clocks = [{"stage": "accept", "minutes": 60, **always}, *COMPLAINT["clocks"][1:]]
        url, typed = at("kind_rows", "complaint", "clocks"), posted(ClockRow, clocks)

        answer = manager.post(url, typed)

        assert answer.status_code == 422
        assert answer.context["effect"].open_count == 1
        assert answer.context["effect"].late_then == 1
        kind.refresh_from_db()
        assert kind.versions.count() == 1

        typed["seen"] = answer.context["seen"]
        assert manager.post(url, typed).status_code == 302
        assert CaseKind.objects.get().defined.clocks[0].calendar == "always"
        assert case.kind.versions.count() == 2

    def test_what_was_agreed_to_is_no_leave_for_something_else(self, manager, kind):
        agent = StaffFactory(role="agent", department=DepartmentFactory())
        a_case(agent, kind=kind)
        url = at("kind_rows", "complaint", "clocks")
        first = posted(ClockRow, [{"stage": "accept", "minutes": 60}])
        seen = manager.post(url, first).context["seen"]

        other = posted(ClockRow, [{"stage": "accept", "minutes": 5}], seen=seen)

        assert manager.post(url, other).status_code == 422

    def test_the_text_shows_it_too(self, manager, kind):
        agent = StaffFactory(role="agent", department=DepartmentFactory())
        a_case(agent, kind=kind)
        text = kind_text(kind.defined).replace("minutes: 30", "minutes: 20", 1)

        answer = manager.post(at("kind_text", "complaint"), {"text": text})

        assert answer.status_code == 422
        typed = {"text": text, "seen": answer.context["seen"]}
        assert manager.post(at("kind_text", "complaint"), typed).status_code == 302


@pytest.mark.parametrize("role", ["agent", "supervisor", "technician", "quality_inspector"])
def test_only_who_configures_sees_and_changes_kinds(client, kind, role):
    client.force_login(StaffFactory(role=role, department=DepartmentFactory()))

    for name, arguments in [
        ("kinds", []),
        ("kind", ["complaint"]),
        ("kind_text", ["complaint"]),
        ("kind_file", ["complaint"]),
        ("kind_rows", ["complaint", "clocks"]),
    ]:
        assert client.get(at(name, *arguments)).status_code == 403
    assert client.post(at("kind_act", "complaint", "retire")).status_code == 403
    assert client.post(at("pack_install", "property")).status_code == 403
