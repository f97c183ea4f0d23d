"""Shared by the tests of keeping: the fixtures of pages."""

from shouwen.accounts.tests.pages import company_set_up, put, sign_in

__all__ = ["company_set_up", "put", "sign_in"]
