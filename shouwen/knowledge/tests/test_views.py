"""Who may, what is shown, what the composer gets."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.urls import reverse

from shouwen.accounts.models import Company
from shouwen.accounts.queries import company, system_staff
from shouwen.accounts.tests.factories import DepartmentFactory, StaffFactory
from shouwen.core.files import file_of_token
from shouwen.core.slots import filled
from shouwen.knowledge.models import Phrase
from shouwen.knowledge.operations import PhraseDraft, create_phrase, install_courtesy
from shouwen.knowledge.tests.factories import PhraseFactory
from shouwen.knowledge.tests.test_operations import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(client):
    staff = StaffFactory(role="agent", name="李敏")
    client.force_login(staff)
    return staff


@pytest.fixture
def leader(client):
    staff = StaffFactory(role="supervisor", department=DepartmentFactory())
    client.force_login(staff)
    return staff


def url(name, *args):
    return reverse(f"knowledge:{name}", args=args)


def text(response):
    return response.content.decode()


class TestPhraseList:
    def test_shows_own_and_team(self, client, agent):
        PhraseFactory(owner=agent, title="我的话", shortcut="wd")
        PhraseFactory(title="大家的话", department=agent.department)
        PhraseFactory(owner=StaffFactory(), title="别人的话")

        page = text(client.get(url("phrases")))

        assert "我的话" in page
        assert "/wd" in page
        assert "大家的话" in page
        assert "别人的话" not in page

    def test_narrows(self, client, agent):
        PhraseFactory(title="请稍等")
        PhraseFactory(title="谢谢")

        page = text(client.get(url("phrases"), {"q": "qsd", "whose": "team"}))

        assert "请稍等" in page
        assert "谢谢" not in page

    def test_says_so_when_nothing_matches_or_is_there(self, client, agent):
        assert "/knowledge/phrases/new" in text(client.get(url("phrases")))
        assert client.get(url("phrases"), {"q": "没有"}).status_code == 200
        assert client.get(url("phrases"), {"whose": "nobody"}).status_code == 200

    def test_reads_in_few_queries(self, client, leader, django_assert_max_num_queries):
        PhraseFactory.create_batch(30, department=leader.department, folder="售后")

        with django_assert_max_num_queries(30):
            client.get(url("phrases"))

    def test_refuses_who_may_not(self, client):
        client.force_login(StaffFactory())

        assert client.get(url("phrases")).status_code == 403


class TestPhraseDialogs:
    def test_an_agent_writes_a_personal_phrase_with_a_picture(self, client, agent):
        asked = text(client.get(url("phrase_new"), {"text": "请稍等"}))
        name, content = picture()
        entered = {
            "text": "请稍等",
            "shortcut": "qsd",
            "uploads": [SimpleUploadedFile(name, content), SimpleUploadedFile("b.png", content)],
        }

        done = client.post(url("phrase_new"), entered)

        assert "请稍等" in asked
        assert 'name="whose"' not in asked
        assert done["HX-Refresh"] == "true"
        phrase = Phrase.objects.get()
        assert phrase.owner == agent
        assert phrase.files.count() == 2

    def test_a_leader_writes_one_for_a_department(self, client, leader):
        entered = {"text": "请稍等", "whose": "team", "department": leader.department.pk}

        client.post(url("phrase_new"), entered)

        phrase = Phrase.objects.get()
        assert (phrase.owner, phrase.department) == (None, leader.department)

    def test_what_is_refused_is_said_in_the_dialog(self, client, agent):
        response = client.post(url("phrase_new"), {"text": ""})

        assert response.status_code == 422
        assert "<dialog" not in text(response)

    def test_a_program_is_no_picture(self, client, agent):
        entered = {"text": "x", "uploads": [SimpleUploadedFile("a.exe", b"MZ12")]}

        assert client.post(url("phrase_new"), entered).status_code == 422
        assert not Phrase.objects.exists()

    def test_changes_words_and_files(self, client, agent):
        draft = PhraseDraft(text="请稍等", uploads=[picture("red"), picture("blue")])
        phrase = create_phrase(draft, is_team=False, by=agent)
        kept = phrase.files.get(name="blue.png")

        asked = text(client.get(url("phrase_edit", phrase.pk)))
        client.post(url("phrase_edit", phrase.pk), {"text": "请您稍等", "kept": [kept.pk]})

        assert "red.png" in asked
        phrase.refresh_from_db()
        assert phrase.text == "请您稍等"
        assert [file.name for file in phrase.files.all()] == ["blue.png"]

    def test_changes_one_of_the_team(self, client, leader):
        phrase = PhraseFactory(title="旧")

        client.post(url("phrase_edit", phrase.pk), {"text": "新", "title": "新"})

        phrase.refresh_from_db()
        assert (phrase.text, phrase.owner) == ("新", None)

    def test_a_personal_one_of_the_leader_stays_personal(self, client, leader):
        phrase = PhraseFactory(owner=leader)

        client.post(url("phrase_edit", phrase.pk), {"text": "新", "title": "新"})

        phrase.refresh_from_db()
        assert phrase.owner == leader

    def test_a_phrase_of_a_colleague_is_not_found(self, client, leader):
        phrase = PhraseFactory(owner=StaffFactory())

        assert client.get(url("phrase_edit", phrase.pk)).status_code == 404
        assert client.post(url("phrase_delete", phrase.pk)).status_code == 404

    def test_deletes_and_shares(self, client, leader):
        gone, shared = PhraseFactory(owner=leader), PhraseFactory(owner=leader)

        client.post(url("phrase_delete", gone.pk))
        client.post(url("phrase_share", shared.pk))

        assert Phrase.objects.get() == shared
        assert Phrase.objects.get().owner is None

    def test_says_why_it_was_not_done(self, client, leader):
        PhraseFactory(shortcut="q")
        phrase = PhraseFactory(owner=leader, shortcut="q")

        response = client.post(url("phrase_share", phrase.pk))

        assert response.status_code == 422
        assert "<dialog" in text(response)


class TestImport:
    def test_says_what_became_of_the_lines(self, client, leader):
        assert "<dialog" in text(client.get(url("phrase_import")))

        done = client.post(url("phrase_import"), {"lines": "好的\n谢谢", "whose": "team"})

        assert done.status_code == 200
        assert Phrase.objects.of_team().count() == 2

    def test_refuses_nothing(self, client, agent):
        assert client.post(url("phrase_import"), {"lines": "\t\t"}).status_code == 422
        assert client.post(url("phrase_import"), {"lines": ""}).status_code == 422


class TestCourtesy:
    @pytest.mark.duty("D628")
    def test_shows_the_rule_book_with_company_and_surname(self, client, agent):
        Company.objects.update_or_create(pk=1, defaults={"name": "万佳物业"})
        install_courtesy(by=system_staff())

        page = text(client.get(url("courtesy")))

        assert "你好，万佳物业客服中心，我姓李，请问有什么可以帮助您？" in page
        assert "对于您反映的问题我们会马上处理，并尽快给您回复，好吗？" in page
        assert "找谁" in page
        assert "{" not in page.partition("<main")[2].partition("</main")[0]

    def test_says_so_before_the_installation(self, client, agent):
        assert client.get(url("courtesy")).status_code == 200


class TestFind:
    def test_gives_the_composer_texts_filled_in_and_files(self, client, agent):
        draft = PhraseDraft(text="{customer}请稍等，我是{me}", title="稍等", uploads=[picture()])
        phrase = create_phrase(draft, is_team=False, by=agent)

        (found,) = client.get(url("phrase_find"), {"q": "/sd", "customer": "周女士"}).json()

        assert found["id"] == phrase.pk
        assert found["text"] == "周女士请稍等，我是李敏"
        assert found["whose"] == "personal"
        assert file_of_token(found["files"][0]["file"]) == phrase.files.get()
        assert found["files"][0]["kind"] == "picture"

    def test_knows_polite_and_team_phrases_apart(self, client, agent):
        install_courtesy(by=system_staff())
        PhraseFactory(title="谢谢")

        found = client.get(url("phrase_find"), {"q": "xx"}).json()

        assert sorted(one["whose"] for one in found) == ["", "", "team"]

    def test_is_fast(self, client, agent, django_assert_max_num_queries):
        PhraseFactory.create_batch(50, title="谢谢")
        company()

        with django_assert_max_num_queries(8):
            client.get(url("phrase_find"), {"q": "xx"})

    def test_counts_uses(self, client, agent):
        phrase = PhraseFactory()

        assert client.post(url("phrase_used", phrase.pk)).status_code == 204

        phrase.refresh_from_db()
        assert phrase.use_count == 1


def test_the_rail_leads_to_the_phrases_for_who_may_use_them():
    request = RequestFactory().get("/")
    request.user = StaffFactory(role="agent")
    assert url("phrases") in str(filled("rail", request))

    request.user = StaffFactory()
    assert url("phrases") not in str(filled("rail", request))
