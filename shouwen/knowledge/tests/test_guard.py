"""The phrase guard: what it finds, what it lets by, what it costs, and who keeps its list."""

import time

import pytest
from django.core.cache import cache
from django.urls import reverse

from shouwen.accounts.queries import system_staff
from shouwen.accounts.tests.factories import DepartmentFactory, StaffFactory
from shouwen.core.errors import NotPermitted, Refused
from shouwen.core.models import HistoryEntry
from shouwen.knowledge.guard import BLOCK, Forbidden, Guard, gravest
from shouwen.knowledge.models import Phrase, Taboo
from shouwen.knowledge.operations import (
    PhraseDraft,
    create_phrase,
    delete_taboo,
    import_phrases,
    install_taboos,
    save_taboo,
)
from shouwen.knowledge.queries import taboo_hits
from shouwen.knowledge.refusals import TabooPhrase
from shouwen.knowledge.taboos import RULE_BOOK, standard_taboos

STANDARD = Guard(
    Forbidden(number, one.text, one.severity, one.replacement, one.is_whole)
    for number, (one, _source) in enumerate(standard_taboos())
)


def words(text: str) -> list[str]:
    return [one.text for one in STANDARD.hits(text)]


class TestFinds:
    @pytest.mark.duty("D632")
    @pytest.mark.parametrize("text", [one[0] for one in RULE_BOOK])
    def test_each_of_the_thirty_of_the_rule_book(self, text):
        assert text in words(f"{text}！")

    def test_there_are_thirty(self):
        assert len(RULE_BOOK) == 30

    @pytest.mark.duty("D687")
    @pytest.mark.parametrize(
        "text", ["不清楚", "这个我不清楚。", "不管我事！", "不关我事，您找别人"]
    )
    def test_words_that_shirk(self, text):
        assert words(text)

    @pytest.mark.duty("D503")
    def test_the_high_voltage_line_about_invoices(self):
        assert words("亲，我们没有发票的") == ["没有发票"]

    @pytest.mark.parametrize(
        "text",
        [
            "有 本 事 你 去 告",
            "有*本*事，你去告",
            "有本事\u200b你去告",
            "您好，有本事你去告啊",
            "有\n本事你去告",
        ],
    )
    def test_however_it_is_spaced(self, text):
        assert words(text) == ["有本事你去告"]

    def test_full_width_and_case(self):
        guard = Guard([Forbidden(1, "shut up", BLOCK)])
        assert guard.hits("ＳＨＵＴ　ＵＰ")

    @pytest.mark.parametrize(
        "text",
        [
            "您说的我不知道是否理解对了",
            "您急什么时候用？",
            "喂养说明书在这里",
            "请您不要着急",
            "您看清楚了吗",
            "哪里的话",
            "",
            "🙂",
        ],
    )
    def test_lets_innocent_words_by(self, text):
        assert words(text) == []

    def test_short_ones_stand_for_a_whole_clause(self):
        assert words("喂，您好") == ["喂"]
        assert words("急什么？马上就好") == ["急什么"]

    def test_the_gravest_counts(self):
        assert gravest(STANDARD.hits("不知道。有本事你去告")) == BLOCK
        assert gravest([]) == ""


def test_costs_less_than_a_fifth_of_a_millisecond_a_line(db):
    install_taboos(by=system_staff())
    line = "您好，您反映的电梯问题我们已经安排工程师傅处理，预计今天下午三点前完成，请您留意。" * 3
    taboo_hits(line, department_id=None)
    began = time.process_time()
    for _number in range(300):
        taboo_hits(line, department_id=None)
    assert (time.process_time() - began) / 300 < 0.0002


@pytest.mark.django_db
class TestList:
    @pytest.fixture
    def leader(self):
        return StaffFactory(role="team_leader")

    def test_a_change_holds_at_once_and_for_its_department_only(self, leader):
        here, elsewhere = DepartmentFactory(), DepartmentFactory()
        assert not taboo_hits("亲亲", department_id=here.pk)
        taboo = save_taboo(Taboo(text="亲亲", department=here), by=leader)
        assert taboo_hits("亲亲", department_id=here.pk)
        assert not taboo_hits("亲亲", department_id=elsewhere.pk)
        delete_taboo(taboo.pk, by=leader)
        assert not taboo_hits("亲亲", department_id=here.pk)
        assert HistoryEntry.objects.filter(name="knowledge.TabooChanged").count() == 2

    def test_another_process_sees_it_with_the_next_stamp(self, leader):
        assert not taboo_hits("亲亲", department_id=None)
        Taboo.objects.create(text="亲亲")
        cache.clear()
        assert taboo_hits("亲亲", department_id=None)

    def test_refuses_empty_and_known_ones_and_agents(self, leader):
        save_taboo(Taboo(text="亲亲"), by=leader)
        with pytest.raises(Refused):
            save_taboo(Taboo(text="亲亲"), by=leader)
        with pytest.raises(Refused):
            save_taboo(Taboo(text="！！"), by=leader)
        with pytest.raises(NotPermitted):
            save_taboo(Taboo(text="嗯"), by=StaffFactory(role="agent"))

    def test_is_installed_once(self):
        assert install_taboos(by=system_staff()) == len(standard_taboos())
        assert install_taboos(by=system_staff()) == 0
        assert HistoryEntry.objects.filter(name="knowledge.TaboosInstalled").count() == 1

    def test_no_phrase_is_kept_with_one(self, leader):
        install_taboos(by=system_staff())
        with pytest.raises(TabooPhrase) as refused:
            create_phrase(PhraseDraft(text="你怎么这么麻烦"), is_team=False, by=leader)
        assert "这件事我继续跟进" in str(refused.value)
        taken = import_phrases("您好\n你怎么这么麻烦", folder="", is_team=False, by=leader)
        assert (taken.added, taken.refused) == (1, 1)
        assert Phrase.objects.filter(owner=leader).count() == 1

    def test_its_pages(self, client, leader):
        install_taboos(by=system_staff())
        client.force_login(leader)
        assert "有本事你去告" in client.get(reverse("knowledge:guard")).content.decode()
        data = {"text": "嗯嗯", "severity": "warn", "replacement": "好的", "is_active": "on"}
        assert client.post(reverse("knowledge:taboo_new"), data).status_code == 200
        made = Taboo.objects.get(text="嗯嗯")
        assert client.post(reverse("knowledge:taboo_new"), data).status_code == 422
        url = reverse("knowledge:taboo_edit", args=[made.pk])
        assert client.get(url).status_code == 200
        assert client.post(reverse("knowledge:taboo_delete", args=[made.pk])).status_code == 200
        assert not Taboo.objects.filter(text="嗯嗯").exists()

    def test_what_the_composer_asks(self, client):
        install_taboos(by=system_staff())
        client.force_login(StaffFactory(role="agent"))
        url = reverse("knowledge:guard_check")
        answer = client.post(url, {"text": "不知道"}, content_type="application/json").json()
        assert (answer["stops"], answer["may_reason"]) == (True, True)
        assert answer["hits"][0]["instead"]
        assert (
            client.post(url, {"text": "您好"}, content_type="application/json").json()["hits"] == []
        )
        assert client.post(url, b"[", content_type="application/json").json()["stops"] is False
