"""The documents that packs bring say what the sources say, and come as drafts."""

import pytest

from shouwen.accounts.queries import system_staff
from shouwen.accounts.tests.factories import StaffFactory
from shouwen.core.errors import NotPermitted
from shouwen.core.models import HistoryEntry
from shouwen.packs.loading import packs_folder, read_pack
from shouwen.packs.operations import install_pack
from shouwen.quality.definitions import PrincipleDefinition, RuleDefinition
from shouwen.quality.models import Principle, RuleDocument
from shouwen.quality.operations.installing import install_rules
from shouwen.quality.operations.rules import write_rule
from shouwen.quality.operations.standards import set_principles
from shouwen.quality.queries.governing import settings_governed
from shouwen.quality.queries.rules import draft_of
from shouwen.quality.queries.standards import principles
from shouwen.quality.tests.make import a_draft, a_writer, publish_today

pytestmark = pytest.mark.django_db


@pytest.fixture
def packs():
    for name in ("general", "property"):
        install_pack(read_pack(packs_folder() / name), by=system_staff())


def document(code: str) -> RuleDocument:
    return RuleDocument.objects.get(code=code)


def chapters_of(code: str) -> list[str]:
    return [chapter.title for chapter in draft_of(document(code)).text.chapters]


def outcome(text: str, pack: str = "test") -> str:
    defined = RuleDefinition.model_validate(
        {
            "code": "rules",
            "title": "规定",
            "chapters": [{"articles": [{"number": 1, "text": text}]}],
        }
    )
    return install_rules([defined], pack=pack, by=system_staff())[0].outcome


class TestShippedDocuments:
    @pytest.mark.duty("D616", "D617")
    def test_civilised_service_has_four_chapters_and_articles_up_to_19(self, packs):
        assert chapters_of("civilised_service") == ["总则", "仪容仪表", "文明用语", "投诉处理"]
        numbers = [one.number for one in draft_of(document("civilised_service")).text.articles]
        assert numbers == [*range(1, 13), *range(14, 20)]
        publish_today(document("civilised_service"), a_writer())
        assert document("civilised_service").is_public

    @pytest.mark.duty("D689")
    def test_each_of_the_ten_articles_leads_to_the_setting_it_governs(self, packs):
        body = draft_of(document("owner_complaints")).text

        governed = settings_governed(body)

        assert [one.number for one in body.articles] == list(range(1, 11))
        assert sorted(governed) == list(range(1, 11))
        assert all(one.is_there for settings in governed.values() for one in settings)
        assert governed[1][0].value.startswith("凡因工作不当")
        assert "当日" in governed[6][0].value or "当天" in governed[6][0].value
        assert "3" in governed[6][0].value

    @pytest.mark.duty("D560")
    def test_voice_service_is_an_outline_with_its_five_chapters(self, packs):
        titles = ["管理职能", "功能定位", "管理目标", "岗位职责", "主要工作流程"]
        assert chapters_of("voice_service") == titles

    @pytest.mark.duty("D562", "D570")
    @pytest.mark.parametrize(
        "code", ["platform_process", "business_complaints", "customer_follow_up"]
    )
    def test_named_documents_are_kept_and_published_once_written(self, packs, code):
        writer, row = a_writer(), document(code)
        assert draft_of(row).text.articles == []
        write_rule(a_draft(code=code, title=row.title), document_id=row.pk, by=writer)

        assert publish_today(row, writer).number == 1

    def test_a_setting_of_a_kind_the_site_has_not_is_said_to_be_missing(self):
        install_pack(read_pack(packs_folder() / "general"), by=system_staff())
        rules = read_pack(packs_folder() / "property").rules
        for one in rules:
            body = RuleDefinition.model_validate(one.model_dump() | {"code": "other"})
            found = settings_governed(body)
            assert found

    def test_the_list_of_principles_holds_the_five_statements(self, packs):
        texts = [one.text for one in principles()]

        assert texts[0] == "顾客永远都是对的"
        assert "失去品牌比损失一次交易更可怕" in texts


class TestInstalling:
    def test_twice_changes_nothing_and_a_new_text_becomes_a_draft(self):
        assert [outcome("一"), outcome("一"), outcome("二")] == ["new", "unchanged", "upgraded"]
        assert draft_of(document("rules")).text.articles[0].text == "二"

    def test_keeps_what_the_site_wrote(self):
        outcome("一")
        row = document("rules")
        write_rule(a_draft(code="rules"), document_id=row.pk, by=a_writer())

        assert outcome("二") == "kept"
        assert len(draft_of(row).text.articles) == 2

    def test_another_pack_does_not_take_it_over(self):
        outcome("一")

        assert outcome("二", pack="other") == "kept"

    def test_needs_the_permission(self):
        with pytest.raises(NotPermitted):
            install_rules([], pack="test", by=StaffFactory(role="agent"))

    def test_principles_put_away_do_not_come_back(self, packs):
        own = PrincipleDefinition(code="own", text="多走一步")
        set_principles([own], by=a_writer())

        install_pack(read_pack(packs_folder() / "general"), by=system_staff())

        assert HistoryEntry.objects.get(name="quality.PrinciplesChanged").payload["codes"] == [
            "own"
        ]
        assert [one.text for one in principles()] == ["多走一步"]
        assert Principle.objects.count() == 8
