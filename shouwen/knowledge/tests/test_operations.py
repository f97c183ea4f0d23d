"""Writing, sharing, using and importing phrases."""

import io

import pytest
from django.utils import timezone
from PIL import Image

from shouwen.accounts.models import Staff
from shouwen.accounts.queries import system_staff
from shouwen.accounts.tests.factories import DepartmentFactory, StaffFactory
from shouwen.core.errors import NotPermitted, NotThere
from shouwen.core.history import history_of
from shouwen.core.models import HistoryEntry
from shouwen.core.slots import panels_in
from shouwen.knowledge import operations
from shouwen.knowledge.models import Phrase
from shouwen.knowledge.operations import PhraseDraft
from shouwen.knowledge.refusals import (
    NothingToImport,
    NotOwnPhrase,
    PhraseTextMissing,
    PhraseTooLong,
    PolitePhraseFixed,
    ShortcutTaken,
    TooManyFiles,
)
from shouwen.knowledge.tests.factories import PhraseFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent() -> Staff:
    return StaffFactory(role="agent")


@pytest.fixture
def leader() -> Staff:
    return StaffFactory(role="supervisor")


def picture(colour="red") -> tuple[str, bytes]:
    content = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(content, "PNG")
    return f"{colour}.png", content.getvalue()


class TestCreatePhrase:
    def test_is_the_writers_own(self, agent):
        draft = PhraseDraft(text="请稍等，我看一下", shortcut=" /QSD ", folder="常用")

        phrase = operations.create_phrase(draft, is_team=False, by=agent)

        assert phrase.owner == agent
        assert (phrase.title, phrase.shortcut) == ("请稍等，我看一下", "qsd")
        (fact,) = history_of("phrase", phrase.pk)
        assert (fact.name, fact.payload["is_personal"]) == ("knowledge.PhraseCreated", True)

    def test_carries_pictures(self, agent):
        draft = PhraseDraft(text="", uploads=[picture()])

        phrase = operations.create_phrase(draft, is_team=False, by=agent)

        assert phrase.files.get().kind == "picture"
        assert phrase.title

    def test_the_teams_needs_the_permission(self, agent, leader):
        draft = PhraseDraft(text="请稍等", department=DepartmentFactory())

        assert operations.create_phrase(draft, is_team=True, by=leader).owner is None
        with pytest.raises(NotPermitted):
            operations.create_phrase(draft, is_team=True, by=agent)

    def test_refuses_nothing(self, agent):
        with pytest.raises(PhraseTextMissing):
            operations.create_phrase(PhraseDraft(text="  "), is_team=False, by=agent)

    def test_refuses_what_is_too_long(self, agent):
        with pytest.raises(PhraseTooLong):
            operations.create_phrase(PhraseDraft(text="长" * 2001), is_team=False, by=agent)

    def test_refuses_a_second_one_with_the_same_shortcut(self, agent):
        draft = PhraseDraft(text="请稍等", shortcut="q")
        operations.create_phrase(draft, is_team=False, by=agent)

        with pytest.raises(ShortcutTaken):
            operations.create_phrase(draft, is_team=False, by=agent)

        other = StaffFactory(role="agent")
        assert operations.create_phrase(draft, is_team=False, by=other).shortcut == "q"

    def test_refuses_more_files_than_a_line_carries(self, agent):
        draft = PhraseDraft(text="x", uploads=[picture()] * 10)

        with pytest.raises(TooManyFiles):
            operations.create_phrase(draft, is_team=False, by=agent)

        assert not Phrase.objects.exists()


class TestUpdatePhrase:
    def test_rewrites_it_and_keeps_the_old_words_in_history(self, agent):
        draft = PhraseDraft(text="请稍等", uploads=[picture("red"), picture("blue")])
        phrase = operations.create_phrase(draft, is_team=False, by=agent)
        kept = phrase.files.get(name="blue.png")
        new = PhraseDraft(text="请您稍等", uploads=[picture("green")], kept_files=[kept.pk])

        operations.update_phrase(phrase.pk, draft=new, by=agent)

        phrase.refresh_from_db()
        assert phrase.text == "请您稍等"
        assert phrase.text_initials == "qnsd"
        assert set(phrase.files.values_list("name", flat=True)) == {"blue.png", "green.png"}
        fact = history_of("phrase", phrase.pk)[0]
        assert (fact.name, fact.payload["old_text"]) == ("knowledge.PhraseChanged", "请稍等")

    def test_refuses_a_colleagues_own(self, agent, leader):
        phrase = PhraseFactory(owner=agent)

        with pytest.raises(NotOwnPhrase):
            operations.update_phrase(phrase.pk, draft=PhraseDraft(text="x"), by=leader)

    def test_agents_do_not_change_the_teams(self, agent):
        with pytest.raises(NotPermitted):
            operations.update_phrase(PhraseFactory().pk, draft=PhraseDraft(text="x"), by=agent)

    def test_refuses_one_that_is_gone(self, agent):
        with pytest.raises(NotThere):
            operations.update_phrase(0, draft=PhraseDraft(text="x"), by=agent)


class TestDeletePhrase:
    def test_its_words_stay_in_history(self, agent):
        phrase = PhraseFactory(owner=agent, title="稍等", text="请稍等")

        operations.delete_phrase(phrase.pk, by=agent)

        assert not Phrase.objects.exists()
        (fact,) = history_of("phrase", phrase.pk)
        assert (fact.name, fact.payload["text"]) == ("knowledge.PhraseDeleted", "请稍等")


class TestSharePhrase:
    def test_makes_it_the_teams(self, leader):
        phrase = PhraseFactory(owner=leader)

        operations.share_phrase(phrase.pk, by=leader)

        phrase.refresh_from_db()
        assert phrase.owner is None
        assert history_of("phrase", phrase.pk)[0].name == "knowledge.PhraseShared"

    def test_needs_the_permission(self, agent):
        with pytest.raises(NotPermitted):
            operations.share_phrase(PhraseFactory(owner=agent).pk, by=agent)

    def test_refuses_a_shortcut_of_the_team(self, leader):
        PhraseFactory(shortcut="q")

        with pytest.raises(ShortcutTaken):
            operations.share_phrase(PhraseFactory(owner=leader, shortcut="q").pk, by=leader)


class TestUsePhrase:
    def test_counts(self, agent):
        phrase, now = PhraseFactory(), timezone.now()

        operations.use_phrase(phrase.pk, by=agent, at=now)
        operations.use_phrase(phrase.pk, by=agent, at=now)

        phrase.refresh_from_db()
        assert (phrase.use_count, phrase.last_used_at) == (2, now)
        assert [fact.name for fact in history_of("phrase", phrase.pk)] == [
            "knowledge.PhraseUsed"
        ] * 2

    def test_refuses_what_is_gone(self, agent):
        with pytest.raises(NotThere):
            operations.use_phrase(0, by=agent, at=timezone.now())


class TestImportPhrases:
    LINES = "请稍等，马上为您查询\n\nwl\t物流\t您的包裹在路上\r\n退货\t支持七天无理由退货\n"

    def test_takes_lines_of_one_two_and_three_columns(self, agent):
        done = operations.import_phrases(self.LINES, folder="售后", is_team=False, by=agent)

        assert (done.added, done.already_there, done.refused) == (3, 0, 0)
        parcel = Phrase.objects.get(shortcut="wl")
        assert (parcel.title, parcel.text, parcel.folder) == ("物流", "您的包裹在路上", "售后")
        assert HistoryEntry.objects.get(name="knowledge.PhrasesImported").payload["count"] == 3

    def test_pasting_twice_changes_nothing(self, leader):
        operations.import_phrases(self.LINES, folder="", is_team=True, by=leader)

        again = operations.import_phrases(self.LINES, folder="", is_team=True, by=leader)

        assert (again.added, again.already_there + again.refused) == (0, 3)
        assert Phrase.objects.count() == 3

    def test_leaves_out_what_is_too_long_or_taken(self, agent):
        PhraseFactory(owner=agent, shortcut="wl")
        lines = "长" * 2001 + "\nwl\t物流\t在路上\n好的"

        done = operations.import_phrases(lines, folder="", is_team=False, by=agent)

        assert (done.added, done.refused) == (1, 2)

    def test_refuses_when_nothing_can_be_taken(self, agent):
        with pytest.raises(NothingToImport):
            operations.import_phrases(" \n\t\t\n", folder="", is_team=False, by=agent)

    def test_the_teams_needs_the_permission(self, agent):
        with pytest.raises(NotPermitted):
            operations.import_phrases("好的", folder="", is_team=True, by=agent)


def test_a_phrase_may_say_no_more_than_its_title():
    assert PhraseFactory(title="谢谢", text="谢谢！").says_its_title
    assert not PhraseFactory(title="谢谢", text="谢谢您").says_its_title


class TestInstallCourtesy:
    def test_installing_twice_changes_nothing(self):
        by = system_staff()

        assert operations.install_courtesy(by=by) == 20
        assert operations.install_courtesy(by=by) == 0
        assert Phrase.objects.polite().count() == 20
        assert HistoryEntry.objects.filter(name="knowledge.CourtesyInstalled").count() == 1

    def test_the_polite_phrases_stay_as_worded(self, leader):
        operations.install_courtesy(by=system_staff())
        phrase = Phrase.objects.polite()[0]

        with pytest.raises(PolitePhraseFixed):
            operations.update_phrase(phrase.pk, draft=PhraseDraft(text="嗯"), by=leader)
        with pytest.raises(PolitePhraseFixed):
            operations.delete_phrase(phrase.pk, by=leader)

    def test_comes_with_the_installation(self):
        install = next(
            one for one in panels_in("install") if one.__module__.startswith("shouwen.knowledge")
        )

        install()

        assert Phrase.objects.polite().count() == 20
