"""What is exported loads again to the same definition."""

import zipfile
from io import BytesIO

import pytest
import yaml

from shouwen.cases.definitions import KindDefinition
from shouwen.cases.tests.make import COMPLAINT
from shouwen.packs.loading import check_text, read_pack, shipped_packs
from shouwen.packs.writing import kind_text, pack_archive

EVERY_KIND = [kind for pack in shipped_packs() for kind in pack.kinds]


@pytest.mark.parametrize("kind", EVERY_KIND, ids=lambda kind: kind.code)
def test_every_shipped_kind_comes_back_as_it_was(kind):
    assert check_text(kind_text(kind), KindDefinition) == (kind, [])


@pytest.mark.parametrize(
    "words", ["是: 否 # 不是注释", "yes", "07:30", "“引号”", "a\nb", "- 一", "null", "\u2028行"]
)
def test_hard_words_survive(words):
    kind = KindDefinition.model_validate({**COMPLAINT, "explanation": words})

    assert check_text(kind_text(kind), KindDefinition) == (kind, [])


def test_an_exported_pack_can_be_read_like_any_other(tmp_path):
    pack = shipped_packs()[0]

    zipfile.ZipFile(BytesIO(pack_archive(pack.info, pack.kinds))).extractall(tmp_path)

    again = read_pack(tmp_path / pack.info.code)
    assert (again.info, again.kinds) == (pack.info, pack.kinds)


def test_short_entries_stand_on_one_line_for_people_to_read():
    text = kind_text(KindDefinition.model_validate(COMPLAINT))

    assert "  - {code: lift, name: 电梯}\n" in text
    assert list(yaml.safe_load(text))[:3] == ["code", "name", "prefix"]
