"""The page of exports: who may, what is shown, who opens the file."""

import pytest
from django.utils import timezone

from shouwen.accounts.tests.factories import DepartmentFactory, StaffFactory
from shouwen.exports.models import Export
from shouwen.exports.operations import ask_export, build_export
from shouwen.exports.queries import logged_exports

pytestmark = pytest.mark.django_db


def ready(by, **given):
    export = ask_export("people", by=by, **given)
    build_export(export.pk, at=timezone.now())
    return export


def shown(client, **query):
    answer = client.get("/exports/", query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_is_for_those_who_may_export(client, people):
    client.force_login(StaffFactory())

    assert client.get("/exports/").status_code == 403
    assert client.get("/exports/new/people").status_code == 403


def test_says_how_many_rows_and_begins_the_export(client, exporter):
    client.force_login(exporter)

    page = client.get("/exports/new/people", {"q": "导出人"})
    assert page.status_code == 200
    assert "is_clear" not in page.content.decode()
    answer = client.post("/exports/new/people?q=导出人", {"file_format": "csv"})

    assert answer["Location"] == "/exports/"
    assert Export.objects.get().asked == {"q": "导出人"}
    assert client.get("/exports/new/contacts").status_code == 404


def test_a_refusal_stands_in_the_form(client, trusted):
    client.force_login(trusted)

    answer = client.post("/exports/new/people", {"file_format": "xlsx", "is_clear": "on"})

    assert answer.status_code == 422
    assert not Export.objects.exists()


def test_shows_each_state(client, exporter):
    client.force_login(exporter)
    assert "sw-empty" in shown(client)
    running = ask_export("people", by=exporter)
    Export.objects.filter(pk=running.pk).update(state="running", total=200, done=50)

    html = shown(client)

    assert "25 %" in html
    assert 'hx-trigger="every 2s"' in html
    Export.objects.filter(pk=running.pk).update(state="failed", error="磁盘满了")
    assert "磁盘满了" in shown(client)
    ready(exporter)
    assert "/file" in shown(client)
    assert "every 2s" not in shown(client)


def test_the_file_is_for_who_asked_for_it(client, exporter, trusted):
    export = ready(exporter, file_format="csv")
    client.force_login(trusted)
    assert client.get(f"/exports/{export.pk}/file").status_code == 404

    client.force_login(exporter)
    answer = client.get(f"/exports/{export.pk}/file")

    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    assert "导出人" in b"".join(answer.streaming_content).decode("utf-8-sig")


def test_cancels(client, exporter):
    client.force_login(exporter)
    export = ask_export("people", by=exporter)

    for _twice in range(2):
        assert client.post(f"/exports/{export.pk}/cancel").status_code == 302
    export.refresh_from_db()
    assert export.state == "cancelled"


@pytest.mark.duty("D423")
def test_supervisors_see_the_log_of_those_in_reach(client, exporter):
    export = ready(exporter)
    leader = StaffFactory(role="supervisor", department=exporter.department)
    stranger = StaffFactory(role="supervisor", department=DepartmentFactory())
    manager = StaffFactory(role="service_manager")

    assert export in logged_exports(leader)
    assert export in logged_exports(manager)
    assert export not in logged_exports(stranger)
    client.force_login(leader)
    html = shown(client, log="1")
    assert "导出人" in html
    assert "/file" not in html
