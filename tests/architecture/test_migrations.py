"""Migrations describe the models and take no lock that stops a running site."""

import io

import pytest
from django.core.management import call_command
from django_migration_linter import MigrationLinter

from tests.architecture.layout import ROOT, part_folders


def test_models_and_migrations_agree(db):
    said = io.StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=said)
    except SystemExit:
        pytest.fail(f"Models changed without a migration:\n{said.getvalue()}")


def test_no_migration_locks_a_running_site(db):
    linter = MigrationLinter(
        str(ROOT),
        include_apps=[folder.name for folder in part_folders()],
        no_cache=True,
        quiet=["ok", "warning", "ignore"],
    )
    linter.lint_all_migrations()

    assert not linter.has_errors
