"""Keys are given out with scopes, and taken back."""

import pytest
from django.utils import timezone

from shouwen.accounts.queries import system_staff
from shouwen.accounts.tests.factories import StaffFactory
from shouwen.api.jobs import tidy
from shouwen.api.models import ApiKey
from shouwen.api.operations import ScopesUnclear, count_use, make_api_key, revoke_api_key
from shouwen.api.queries import key_of, keys
from shouwen.api.scopes import all_scopes
from shouwen.core.errors import NotPermitted, NotThere
from shouwen.core.history import history_of

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def make(*, scopes=("customers:read",), by=None):
    staff = StaffFactory(role="agent")
    return make_api_key("网店", staff=staff, scopes=scopes, at=NOW, by=by or system_staff())


def names(key):
    """ApiKeyMade and ApiKeyRevoked, the latest first."""
    return [entry.name for entry in history_of("api_key", key.pk)]


class TestMakeApiKey:
    def test_only_a_digest_is_kept(self):
        new = make()

        stored = ApiKey.objects.get()
        assert new.secret.startswith("sw_")
        assert new.secret not in str(stored.__dict__)
        assert key_of(new.secret, at=NOW) == stored
        assert names(stored) == ["api.ApiKeyMade"]

    @pytest.mark.parametrize("scopes", [[], ["customers:fly"], ["staff:write"]])
    def test_refuses_no_scope_and_unknown_ones(self, scopes):
        with pytest.raises(ScopesUnclear):
            make(scopes=scopes)

    def test_refuses_whoever_may_not(self):
        with pytest.raises(NotPermitted):
            make(by=StaffFactory(role="agent"))


class TestRevokeApiKey:
    def test_opens_nothing_any_more(self):
        new = make()

        revoke_api_key(new.key.pk, at=NOW, by=system_staff())
        revoke_api_key(new.key.pk, at=NOW, by=system_staff())

        assert key_of(new.secret, at=NOW) is None
        assert names(new.key) == ["api.ApiKeyRevoked", "api.ApiKeyMade"]

    def test_refuses_what_is_not_there(self):
        with pytest.raises(NotThere):
            revoke_api_key(1, at=NOW, by=system_staff())


def test_uses_are_counted_by_the_minute():
    key = make().key

    assert [count_use(key, at=NOW) for _time in range(3)] == [1, 2, 3]
    assert keys().get().last_used_at == NOW.replace(second=0, microsecond=0)
    tidy()
    assert key.uses.count() == 1
    assert str(key.uses.get()).endswith(f"{NOW:%H:%M}")


def test_staff_can_only_be_read():
    assert "staff:write" not in dict(all_scopes())
