"""Whose phrases one may use, and what somebody means by a few keys."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from shouwen.accounts.models import Company
from shouwen.accounts.queries import system_staff
from shouwen.accounts.tests.factories import DepartmentFactory, StaffFactory
from shouwen.knowledge.operations import install_courtesy
from shouwen.knowledge.queries import (
    Setting,
    find_phrases,
    folders,
    manageable_phrases,
    narrowed_phrases,
    phrases_for,
    polite_phrases,
    spoken,
)
from shouwen.knowledge.tests.factories import PhraseFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent():
    return StaffFactory(role="agent")


class TestPhrasesFor:
    def test_own_the_teams_and_those_of_ones_departments(self):
        service = DepartmentFactory()
        shop = DepartmentFactory(parent=service)
        agent = StaffFactory(role="agent", department=shop)
        usable = {
            PhraseFactory(owner=agent),
            PhraseFactory(),
            PhraseFactory(department=service),
            PhraseFactory(department=shop),
        }
        PhraseFactory(owner=StaffFactory())
        PhraseFactory(department=DepartmentFactory())
        PhraseFactory(department=DepartmentFactory(parent=shop))

        assert set(phrases_for(agent)) == usable

    def test_nobody_without_the_permission(self):
        PhraseFactory()

        assert not phrases_for(StaffFactory())

    def test_leaders_see_those_they_manage(self):
        service = DepartmentFactory()
        leader = StaffFactory(role="supervisor", department=service)
        below = PhraseFactory(department=DepartmentFactory(parent=service))

        assert below not in phrases_for(leader)
        assert below in manageable_phrases(leader)


class TestFindPhrases:
    def titles(self, staff, typed):
        return [phrase.title for phrase in find_phrases(staff, typed)]

    @pytest.mark.parametrize("typed", ["qsd", "/qsd", "QSD", "qingshaod", "请稍", "稍等", "qs"])
    def test_finds_by(self, agent, typed):
        PhraseFactory(title="请稍等", text="请稍等，我为您查询")
        PhraseFactory(title="谢谢")

        assert self.titles(agent, typed) == ["请稍等"]

    def test_finds_by_what_is_in_the_text(self, agent):
        PhraseFactory(title="物流", text="您的包裹正在路上")

        assert self.titles(agent, "包裹") == ["物流"]
        assert self.titles(agent, "nindbg") == []
        assert self.titles(agent, "ndbg") == ["物流"]
        assert self.titles(agent, "bgzz") == ["物流"]

    def test_ranks_shortcut_then_title_then_text_then_use(self, agent):
        PhraseFactory(title="说明", text="请稍等", use_count=9)
        PhraseFactory(title="请收到", text="x", use_count=1)
        PhraseFactory(title="去散步", text="x", use_count=5)
        PhraseFactory(title="暗号", text="x", shortcut="qs")

        assert self.titles(agent, "qs") == ["暗号", "去散步", "请收到", "说明"]

    def test_nothing_typed_gives_the_most_used(self, agent):
        PhraseFactory(title="少")
        PhraseFactory(title="多", use_count=9)

        assert self.titles(agent, "/") == ["多", "少"]

    def test_gives_no_more_than_asked(self, agent):
        PhraseFactory.create_batch(9, title="谢谢")

        assert len(find_phrases(agent, "xx")) == 8
        assert len(find_phrases(agent, "xx", limit=3)) == 3

    @pytest.mark.parametrize("typed", ["%", "_", "\\", "！", "x\0y"])
    def test_odd_keys_find_nothing(self, agent, typed):
        PhraseFactory(title="谢谢")

        assert self.titles(agent, typed) == []

    def test_the_polite_phrases_are_quick_replies(self, agent):
        install_courtesy(by=system_staff())

        assert self.titles(agent, "qsd")[0] == "请稍等"
        assert any("投诉单" in title for title in self.titles(agent, "qntht"))

    def test_is_one_query_and_one_for_the_files(self, agent, django_assert_num_queries):
        PhraseFactory.create_batch(20, title="谢谢")
        agent.may("knowledge.use_phrases")

        with django_assert_num_queries(2):
            find_phrases(agent, "xx")


class TestSpoken:
    def test_placeholders_become_what_they_are_here(self):
        Company.objects.update_or_create(pk=1, defaults={"name": "万佳物业"})
        staff = StaffFactory(name="欧阳敏", display_name="小桔")
        morning = datetime(2026, 11, 22, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
        setting = Setting(staff=staff, at=morning, customer="周女士", title="女士")
        text = "{greeting}，{customer}！我是{company}的{me}（{surname}），{title}请讲"

        assert spoken(PhraseFactory(text=text), setting.words()) == (
            "上午好，周女士！我是万佳物业的小桔（欧阳），女士请讲"
        )


class TestLists:
    def test_narrow_by_words_folder_and_owner(self, agent):
        mine = PhraseFactory(owner=agent, title="请稍等", folder="常用")
        team = PhraseFactory(title="请稍等", folder="售后")

        assert set(narrowed_phrases(agent, words="qsd")) == {mine, team}
        assert list(narrowed_phrases(agent, folder="售后")) == [team]
        assert list(narrowed_phrases(agent, whose="personal")) == [mine]
        assert list(narrowed_phrases(agent, whose="team")) == [team]

    def test_folders_are_counted(self, agent):
        PhraseFactory.create_batch(2, folder="售后")

        assert list(folders(phrases_for(agent))) == [{"folder": "售后", "count": 2}]

    def test_the_polite_ones_stand_in_their_order(self):
        install_courtesy(by=system_staff())

        assert [one.courtesy_number for one in polite_phrases()] == list(range(1, 21))
