"""The customer's own form and page, asked as a browser asks: who gets in, what comes back, what is shown."""

import io
import re
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from shouwen.cases.models import Case, CasePaper, CustomerWord
from shouwen.cases.operations.accepting import accept_case
from shouwen.cases.operations.handing import News, Task, hand_off, note_progress
from shouwen.cases.tests.make import a_case, a_kind, answered, taken
from shouwen.cases.tickets import new_ticket, ticket_of
from shouwen.customers.models import Customer

pytestmark = pytest.mark.django_db
TICKET = re.compile(r'name="ticket" value="([^"]+)"')
KEPT = re.compile(r'name="kept" value="([^"]+)"')
FORM = {
    "matter": "3栋电梯又停了，母亲坐轮椅下不了楼。",
    "demand": "今天修好",
    "name": "周琳",
    "phone": "138 0013 7719",
    "consent": "on",
    "value_area": "3栋",
    "value_room": "1102",
}


@pytest.fixture
def kind(receiver):
    return a_kind(is_public=True, needs_approval="never", invitation="请告诉我们")


@pytest.fixture
def visit() -> Client:
    """A customer's browser: no account, and cookies are not kept."""
    return Client(enforce_csrf_checks=True)


def a_ticket(kind, *, ago: timedelta = timedelta(minutes=2)) -> str:
    return new_ticket(kind.code, at=timezone.now() - ago).signed()


def a_photo(name: str = "电梯.jpg") -> SimpleUploadedFile:
    held = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(held, "JPEG")
    return SimpleUploadedFile(name, held.getvalue(), content_type="image/jpeg")


def send(visit, kind, **changes):
    """The form, filled in and sent."""
    return visit.post(f"/request/{kind.code}/", FORM | {"ticket": a_ticket(kind)} | changes)


def page_of(visit, answer) -> str:
    return visit.get(answer.url).content.decode()


class TestForm:
    @pytest.mark.duty("D065")
    def test_asks_without_an_account_and_asks_the_phone_once(self, visit, kind):
        shown = visit.get(f"/request/{kind.code}/").content.decode()

        assert "请告诉我们" in shown
        assert 'name="value_area"' in shown
        assert 'name="value_phone"' not in shown
        assert ticket_of(TICKET.search(shown)[1], kind.code, at=timezone.now())

    def test_only_public_kinds_are_there(self, visit, kind, receiver):
        a_kind(code="report", prefix="JB", name="举报")

        assert visit.get("/request/report/").status_code == 404
        assert visit.get("/request/").url == f"/request/{kind.code}/"

    def test_offers_the_kinds_where_there_are_several(self, visit, kind):
        a_kind(code="repair", prefix="BX", name="报修", is_public=True)

        shown = visit.get("/request/").content.decode()

        assert "/request/repair/" in shown
        assert f"/request/{kind.code}/" in shown

    @pytest.mark.duty("D065")
    def test_sent_it_is_a_case_with_number_and_link(self, visit, kind):
        answer = send(visit, kind, pictures=[a_photo(), a_photo("b.jpg")])

        case = Case.objects.get()
        assert answer.status_code == 302
        assert case.values["phone"] == "138 0013 7719"
        assert CasePaper.objects.filter(case=case).count() == 2
        shown = page_of(visit, answer)
        assert case.number in shown
        assert "data:image/svg+xml" in shown

    def test_a_second_tap_shows_the_same_page(self, visit, kind):
        ticket = a_ticket(kind)

        first = send(visit, kind, ticket=ticket)
        again = send(visit, kind, ticket=ticket, matter="另一件事")

        assert first.url == again.url
        assert Case.objects.count() == 1


class TestMistakes:
    def test_everything_comes_back_also_the_photos(self, visit, kind):
        answer = send(visit, kind, phone="12", pictures=[a_photo()])

        shown = answer.content.decode()
        assert answer.status_code == 422
        assert "母亲坐轮椅下不了楼" in shown
        assert 'value="1102"' in shown
        kept = KEPT.search(shown)[1]

        send(visit, kind, ticket=TICKET.search(shown)[1], kept=[kept])

        assert CasePaper.objects.count() == 1
        assert CustomerWord.objects.get().papers.count() == 1

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"matter": ""}, "id_matter"),
            ({"phone": ""}, "电话"),
            ({"phone": "不告诉"}, "电话"),
            ({"mail": "a@"}, "邮箱"),
            ({"consent": ""}, "同意"),
            ({"value_room": ""}, "id_value_room"),
            ({"demand": ""}, "id_demand"),
        ],
    )
    def test_says_what_is_missing(self, visit, kind, changes, words):
        answer = send(visit, kind, **changes)

        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert not Case.objects.exists()

    def test_what_is_no_picture_is_refused_by_name(self, visit, kind):
        program = SimpleUploadedFile("清单.pdf", b"%PDF-1.4")

        answer = send(visit, kind, pictures=[program])

        assert "清单.pdf" in answer.content.decode()
        assert not Case.objects.exists()

    def test_too_large_a_picture_is_refused(self, visit, kind, settings):
        settings.FILE_SIZE_LIMIT = 100

        assert send(visit, kind, pictures=[a_photo()]).status_code == 422

    def test_too_many_pictures_are_refused(self, visit, kind):
        answer = send(visit, kind, pictures=[a_photo(f"{n}.jpg") for n in range(7)])

        assert answer.status_code == 422
        assert len(KEPT.findall(answer.content.decode())) == 6


class TestMachines:
    @pytest.mark.parametrize("ticket", ["", "forged", "WyJjb21wbGFpbnQiXQ:1x:abc"])
    def test_a_form_never_shown_opens_nothing(self, visit, kind, ticket):
        answer = send(visit, kind, ticket=ticket)

        assert answer.status_code == 422
        assert not Case.objects.exists()
        assert "母亲坐轮椅下不了楼" in answer.content.decode()

    def test_a_ticket_of_another_kind_opens_nothing(self, visit, kind):
        other = a_kind(code="repair", prefix="BX", name="报修", is_public=True)

        assert send(visit, kind, ticket=a_ticket(other)).status_code == 422

    def test_faster_than_a_person_is_asked_again_and_then_believed(self, visit, kind):
        quick = a_ticket(kind, ago=timedelta(seconds=0))

        shown = send(visit, kind, ticket=quick)
        assert shown.status_code == 422
        assert TICKET.search(shown.content.decode())[1] == quick

        with time_machine.travel(timezone.now() + timedelta(seconds=9)):
            assert send(visit, kind, ticket=quick).status_code == 302

    def test_what_people_do_not_see_they_do_not_fill_in(self, visit, kind):
        assert send(visit, kind, homepage="https://spam.example").status_code == 422
        assert not Case.objects.exists()

    def test_too_many_from_one_address_wait_and_lose_nothing(self, visit, kind, settings):
        settings.FORMS_AN_HOUR = 2
        for _number in range(2):
            assert send(visit, kind).status_code == 302

        answer = send(visit, kind)

        assert answer.status_code == 429
        assert "母亲坐轮椅下不了楼" in answer.content.decode()
        assert Case.objects.count() == 2


class TestStatusPage:
    @pytest.fixture
    def address(self, visit, kind):
        return send(visit, kind).url.partition("?")[0]

    def test_goes_to_no_search_engine_cache_or_next_site(self, visit, address):
        headers = visit.get(address).headers

        assert headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in headers["X-Robots-Tag"]
        assert headers["Cache-Control"] == "no-store"

    def test_a_guess_opens_nothing(self, visit, address):
        assert visit.get(address[:-2] + "a/").status_code == 404
        assert visit.get("/status/0123456789abcdef/").status_code == 404

    def test_shows_what_he_was_told_and_never_what_colleagues_note(
        self, visit, address, receiver, department
    ):
        case = taken(Case.objects.get(), receiver)
        at = timezone.now()
        boss_only = News(text="这位客户脾气很大")
        note_progress(case.pk, boss_only, by=receiver, at=at)
        told = News(text="配件明天到", told_way="call", customer_opinion="内部意见记录")
        note_progress(case.pk, told, by=receiver, at=at)
        hand_off(case.pk, Task(department=department, task="内部任务说明"), by=receiver, at=at)

        shown = visit.get(address).content.decode()

        assert "配件明天到" in shown
        assert f"{department.name}" in shown
        for hidden in ("脾气很大", "内部意见记录", "内部任务说明", "周琳", "7719", "合同范围内"):
            assert hidden not in shown

    def test_shows_what_he_wrote_though_colleagues_wrote_it_anew(self, visit, address):
        Case.objects.update(matter="改写过的事由", title="改写")

        shown = visit.get(address).content.decode()

        assert "母亲坐轮椅下不了楼" in shown
        assert "改写" not in shown

    def test_he_adds_a_word_and_a_picture_while_it_is_open(self, visit, address):
        ticket = TICKET.search(visit.get(address).content.decode())[1]
        said = {"text": "水漏到一楼了", "ticket": ticket, "pictures": [a_photo()]}

        answer = visit.post(f"{address}words/", said)
        visit.post(f"{address}words/", said | {"pictures": [a_photo()]})

        assert answer.status_code == 302
        assert CustomerWord.objects.filter(is_first=False).count() == 1
        assert "水漏到一楼了" in visit.get(address).content.decode()

    def test_nothing_said_comes_back_with_words(self, visit, address):
        assert visit.post(f"{address}words/", {"text": ""}).status_code == 422

    def test_words_are_paced(self, visit, address, settings):
        settings.FORMS_AN_HOUR = 1

        answer = visit.post(f"{address}words/", {"text": "再说一次"})

        assert answer.status_code == 422
        assert "再说一次" in answer.content.decode()

    def test_he_says_that_it_is_solved(self, visit, address, receiver):
        answered(taken(Case.objects.get(), receiver), receiver)
        assert "is_solved" in visit.get(address).content.decode()

        visit.post(f"{address}solved/", {"is_solved": "yes"})

        assert Case.objects.get().stage == "archive"
        assert "is_solved" not in visit.get(address).content.decode()

    def test_not_solved_wants_a_reason(self, visit, address, receiver):
        answered(taken(Case.objects.get(), receiver), receiver)

        refused = visit.post(f"{address}solved/", {"is_solved": "no"})
        assert refused.status_code == 422

        visit.post(f"{address}solved/", {"is_solved": "no", "words": "还是停"})
        assert Case.objects.get().stage == "handle"

    def test_only_the_form_speaks_of_him(self, visit, address):
        assert Customer.objects.get().name == "周琳"


class TestLinkOfACase:
    def test_a_colleague_hands_it_out_and_makes_it_anew(self, client, kind, receiver, visit):
        address = send(visit, kind).url.partition("?")[0]
        case = accept_case(Case.objects.get().pk, by=receiver, at=timezone.now())
        client.force_login(receiver)
        assert address in client.get(f"/cases/{case.pk}/link/").content.decode()

        shown = client.post(f"/cases/{case.pk}/link/").content.decode()

        assert address not in shown
        assert visit.get(address).status_code == 404
        assert "/status/" in shown

    def test_a_case_by_phone_gets_one_too(self, client, receiver, visit):
        case = a_case(receiver)
        client.force_login(receiver)
        assert "/status/" not in client.get(f"/cases/{case.pk}/link/").content.decode()

        shown = client.post(f"/cases/{case.pk}/link/").content.decode()

        address = re.search(r"/status/\w+/", shown)[0]
        page = visit.get(address).content.decode()
        assert case.number in page
        assert case.matter not in page
