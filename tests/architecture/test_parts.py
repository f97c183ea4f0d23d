"""Every part has its place, its README, its tests; its models say what they are."""

import re
from pathlib import Path

from django.apps import apps
from django.db import models

from shouwen.core.apps import PartConfig
from tests.architecture.layout import ROOT, layers, may_use, part_folders, where

CHINESE = re.compile(r"[\u4e00-\u9fff]")
# These know no domain, so their models have no Chinese word.
WITHOUT_DOMAIN = {"core", "ui"}


def what_is_missing(folder: Path) -> list[str]:
    """What every part needs and this one lacks."""
    missing = [] if (folder / "README.md").exists() else ["README.md"]
    if not any(folder.glob("**/tests/**/test_*.py")):
        missing.append("tests")
    return missing


def is_described(model: type[models.Model]) -> bool:
    """Whether a model has a docstring of its own that gives the Chinese word."""
    text = model.__dict__.get("__doc__") or ""
    if text.startswith(f"{model.__name__}("):
        return False
    return model._meta.app_label in WITHOUT_DOMAIN or bool(CHINESE.search(text))


def own_models() -> list[type[models.Model]]:
    """Every model of every part."""
    return [one for one in apps.get_models() if one.__module__.startswith("shouwen.")]


def test_every_part_has_its_place_in_the_contract():
    placed = {name for line in layers() for name in line}

    assert {folder.name for folder in part_folders()} == placed


def test_every_part_plugs_itself_in():
    installed = [one for one in apps.get_app_configs() if one.name.startswith("shouwen.")]

    assert [one.label for one in installed if not isinstance(one, PartConfig)] == ["ui"]


def test_a_part_may_use_only_what_is_below():
    assert may_use("conversations", "core")
    assert may_use("core", "core")
    assert not may_use("core", "conversations")
    assert not may_use("customers", "knowledge")


def test_every_part_has_a_readme_and_tests():
    faults = [f"{where(one)}: no {what_is_missing(one)}" for one in part_folders()]

    assert [fault for fault in faults if not fault.endswith("no []")] == []


def test_notices_a_part_without_readme_and_tests(tmp_path):
    assert what_is_missing(tmp_path) == ["README.md", "tests"]


def test_every_model_says_what_it_is():
    assert [one.__qualname__ for one in own_models() if not is_described(one)] == []


def test_notices_a_model_without_words():
    class Meta:
        app_label = "customers"

    silent = type("Silent", (), {"_meta": Meta, "__doc__": "Silent(id, name)"})
    english = type("English", (), {"_meta": Meta, "__doc__": "A person who asks."})
    described = type("Described", (), {"_meta": Meta, "__doc__": "A person who asks (客户)."})

    assert [is_described(one) for one in (silent, english, described)] == [False, False, True]


def part_pointed_at(field: models.Field) -> str | None:
    """The part that a relation leads to, also when it names the model as a string; None for others."""
    target = field.related_model if field.concrete and field.is_relation else None
    if target is None:
        return None
    label = target.split(".")[0] if isinstance(target, str) else target._meta.app_label
    return label if label in {one.name for one in part_folders()} else None


def points_up(field: models.Field, part: str) -> bool:
    """Whether a field of this part leads to a part that it may not know."""
    target = part_pointed_at(field)
    return target is not None and not may_use(part, target)


def test_foreign_keys_point_downwards():
    upward = [
        str(field)
        for model in own_models()
        for field in model._meta.get_fields()
        if points_up(field, model._meta.app_label)
    ]

    assert upward == []


def test_notices_a_foreign_key_that_points_up():
    key = models.ForeignKey("customers.Customer", on_delete=models.CASCADE)
    key.concrete = True

    assert points_up(key, "core")
    assert not points_up(key, "conversations")


def test_the_house_explains_itself():
    pages = ["README.md", "README.zh-CN.md", "ARCHITECTURE.md", "GLOSSARY.md", "CONTRIBUTING.md"]

    assert [page for page in pages if not (ROOT / page).exists()] == []
