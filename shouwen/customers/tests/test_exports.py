"""The customers as a file."""

import csv
import io

import pytest
from django.utils import timezone, translation

from shouwen.accounts.tests.factories import StaffFactory
from shouwen.core.files import read_raw
from shouwen.customers.operations import add_contact_point, tag_customer
from shouwen.customers.queries import visible_customers
from shouwen.customers.tests.factories import AssetFactory, CustomerFactory
from shouwen.exports.operations import ask_export, build_export

pytestmark = pytest.mark.django_db


def rows(by, **given):
    export = ask_export("customers", by=by, file_format="csv", **given)
    with translation.override("en"):
        build_export(export.pk, at=timezone.now())
    export.refresh_from_db()
    return list(csv.DictReader(io.StringIO(read_raw(export.key).decode("utf-8-sig"))))


@pytest.mark.duty("D423")
def test_the_file_has_the_rows_of_the_list_masked():
    manager = StaffFactory(role="service_manager")
    one = CustomerFactory(name="周玉兰", remarks="@午休勿扰")
    CustomerFactory(flag="red")
    AssetFactory(customer=one, label="3栋1102")
    add_contact_point(one.pk, kind="phone", value="+49 30 1234567", by=manager)
    tag_customer(one.pk, name="业主", by=manager)

    found = rows(manager)

    assert len(found) == visible_customers(manager).count() == 2
    row = next(line for line in found if line["Number"] == one.number)
    assert (row["Assets"], row["Tags"], row["Remarks"]) == ("3栋1102", "业主", "'@午休勿扰")
    assert "1234567" not in row["Phone"]
    assert [line["Flag"] for line in rows(manager, asked={"flag": "red"})] == ["Red"]
    clear = rows(manager, is_clear=True, reason="核对")
    assert next(line for line in clear if line["Number"] == one.number)["Phone"].startswith("'+49")
