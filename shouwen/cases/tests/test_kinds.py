"""Kinds of cases are data."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from shouwen.accounts.queries import system_staff
from shouwen.accounts.tests.factories import StaffFactory
from shouwen.cases.definitions import KindDefinition
from shouwen.cases.models import CaseCategory, CaseKind
from shouwen.cases.operations.accepting import accept_case
from shouwen.cases.operations.kinds import (
    install_kinds,
    keep_own,
    retire_kind,
    save_kind,
    take_from_pack,
)
from shouwen.cases.operations.opening import FormChange, change_case_form
from shouwen.cases.queries.kinds import versions_of
from shouwen.cases.queries.pages import case_page
from shouwen.cases.refusals import KindInvalid
from shouwen.cases.tests.make import AT, COMPLAINT, a_case, a_kind
from shouwen.core.errors import NotPermitted
from shouwen.core.history import history_of

pytestmark = pytest.mark.django_db


def install(pack: str = "test", *, is_base: bool = False, **changes) -> str:
    definition = KindDefinition.model_validate({**COMPLAINT, **changes})
    return install_kinds([definition], pack=pack, is_base=is_base, by=system_staff())[0].outcome


class TestInstallKinds:
    def test_twice_changes_nothing(self):
        assert [install(), install()] == ["new", "unchanged"]
        assert history_of("case_kind", CaseKind.objects.get().pk).count() == 1

    def test_an_upgrade_keeps_what_the_site_edited(self):
        install()
        save_kind({**COMPLAINT, "name": "业主投诉"}, by=system_staff())

        assert install(name="投诉（新版）") == "kept"
        kind = CaseKind.objects.get()
        assert (kind.name, kind.is_edited) == ("业主投诉", True)

    def test_an_upgrade_brings_the_rest(self):
        install()

        assert install(name="投诉（新版）") == "upgraded"
        assert CaseKind.objects.get().name == "投诉（新版）"

    def test_what_was_kept_is_said_and_may_be_taken_or_not(self):
        install()
        save_kind({**COMPLAINT, "name": "业主投诉"}, by=system_staff())
        install(name="投诉（新版）")
        assert CaseKind.objects.get().is_behind_pack

        keep_own("complaint", by=system_staff())
        kind = CaseKind.objects.get()
        assert (kind.name, kind.is_behind_pack, kind.is_edited) == ("业主投诉", False, True)

        take_from_pack("complaint", by=system_staff())
        kind = CaseKind.objects.get()
        assert (kind.name, kind.is_behind_pack, kind.is_edited) == ("投诉（新版）", False, False)

    def test_the_same_pack_again_says_nothing_of_an_edit(self):
        install()
        save_kind({**COMPLAINT, "name": "业主投诉"}, by=system_staff())

        assert install() == "unchanged"
        assert not CaseKind.objects.get().is_behind_pack

    def test_a_kind_of_the_site_is_never_written_over(self):
        save_kind({**COMPLAINT, "name": "自建投诉"}, by=system_staff())

        assert install() == "kept"
        kind = CaseKind.objects.get()
        assert (kind.name, kind.is_behind_pack) == ("自建投诉", True)

    def test_refuses_a_prefix_another_kind_numbers_by(self):
        install()

        with pytest.raises(KindInvalid, match="TS"):
            install(code="other")

    def test_an_industry_stands_before_the_base(self):
        install("general", is_base=True)

        assert install("property", name="业主投诉") == "upgraded"
        assert install("general", is_base=True, name="又来了") == "kept"
        assert CaseKind.objects.get().name == "业主投诉"

    def test_a_category_that_is_gone_stays_readable(self, receiver):
        kind = a_kind()
        lift = CaseCategory.objects.get(code="lift")
        case = a_case(receiver, kind=kind, category=lift)

        install(categories=[{"code": "noise", "name": "噪音"}])

        lift.refresh_from_db()
        case.refresh_from_db()
        assert (lift.is_active, case.category) == (False, lift)


class TestVersions:
    def test_each_change_is_a_version_and_none_is_lost(self):
        install()
        save_kind({**COMPLAINT, "name": "业主投诉"}, by=system_staff())
        save_kind({**COMPLAINT, "name": "业主投诉"}, by=system_staff())
        install(name="投诉（新版）")
        take_from_pack("complaint", by=system_staff())

        told = [
            (one.number, one.definition["name"], one.how)
            for one in versions_of(CaseKind.objects.get())
        ]
        assert told == [
            (3, "投诉（新版）", "upgraded"),
            (2, "业主投诉", "edited"),
            (1, "投诉", "installed"),
        ]

    def test_a_running_case_follows_the_kind_at_its_next_step(self, receiver):
        case = a_case(receiver, kind=a_kind())
        before = case.due_at
        clocks = [{"stage": "accept", "minutes": 5}, {"stage": "handle", "minutes": 60}]
        save_kind({**COMPLAINT, "clocks": clocks}, by=system_staff())

        case.refresh_from_db()
        assert case.due_at == before
        assert accept_case(case.pk, by=receiver, at=AT).due_at == AT + timedelta(hours=1)

    def test_what_was_filled_into_a_field_that_is_gone_is_kept_and_shown(self, receiver):
        case = a_case(receiver, kind=a_kind())
        fields = [one for one in COMPLAINT["fields"] if one["code"] != "room"]
        save_kind({**COMPLAINT, "fields": fields}, by=system_staff())

        change = FormChange(values={"area": "5栋", "phone": "13800137719"})
        case = change_case_form(case.pk, change, by=receiver, at=AT)

        shown = {one.field.name: one.value for one in case_page(case, receiver, at=AT).fields}
        assert (shown["区域"], shown["房号"]) == ("5栋", "1102")


class TestSaveKind:
    def test_refuses_another_code_for_the_kind_that_is_edited(self):
        install()
        kind = CaseKind.objects.get()

        with pytest.raises(KindInvalid, match="complaint"):
            save_kind({**COMPLAINT, "code": "other", "prefix": "QT"}, of=kind, by=system_staff())

    def test_names_the_place_of_a_mistake(self):
        wrong = {**COMPLAINT, "fields": [{"code": "a", "name": "甲", "type": "colour"}]}

        with pytest.raises(KindInvalid, match=r"fields\.0\.type"):
            save_kind(wrong, by=system_staff())

    def test_refuses_a_prefix_another_kind_numbers_by(self):
        install()

        with pytest.raises(KindInvalid, match="TS"):
            save_kind({**COMPLAINT, "code": "other"}, by=system_staff())

    def test_refuses_who_may_not_configure(self):
        with pytest.raises(NotPermitted):
            save_kind(COMPLAINT, by=StaffFactory(role="agent"))

    def test_can_be_retired_and_restored(self):
        install()

        assert not retire_kind("complaint", is_active=False, by=system_staff()).is_active
        assert retire_kind("complaint", is_active=True, by=system_staff()).is_active
        names = {row.name for row in history_of("case_kind", CaseKind.objects.get().pk)}
        assert names == {"cases.CaseKindChanged"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"fields": [{"code": "a", "name": "甲", "type": "choice"}]},
        {"fields": [{"code": "a", "name": "甲"}, {"code": "a", "name": "乙"}]},
        {"clocks": [{"stage": "handle"}]},
        {"clocks": [{"stage": "handle", "days": 1, "minutes": 5}]},
        {"colour": "red"},
    ],
)
def test_a_definition_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValidationError):
        KindDefinition.model_validate({**COMPLAINT, **wrong})
