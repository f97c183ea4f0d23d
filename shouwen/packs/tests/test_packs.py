"""Packs are read whole or refused with every mistake; installing twice changes nothing."""

import pytest

from shouwen.accounts.queries import system_staff
from shouwen.accounts.tests.factories import StaffFactory
from shouwen.cases.definitions import KindDefinition
from shouwen.cases.models import CaseCategory, CaseKind
from shouwen.core.errors import NotPermitted
from shouwen.packs.loading import PackInvalid, check_text, packs_folder, read_pack, shipped_packs
from shouwen.packs.operations import install_pack

PACK = "code: shop\nname: 网店\nversion: 1\n"
KIND = "code: refund\nname: 退款\nprefix: TK\n"


@pytest.fixture
def folder(tmp_path):
    """A pack that is right, to be spoiled."""
    pack = tmp_path / "shop"
    (pack / "kinds").mkdir(parents=True)
    (pack / "pack.yaml").write_text(PACK, encoding="utf-8")
    (pack / "kinds" / "refund.yaml").write_text(KIND, encoding="utf-8")
    return pack


def spoiled(folder, text: str, name: str = "kinds/refund.yaml") -> str:
    (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(PackInvalid) as refusal:
        read_pack(folder)
    return str(refusal.value)


class TestReadPack:
    def test_reads_one_that_is_right(self, folder):
        pack = read_pack(folder)

        assert (pack.info.code, [kind.code for kind in pack.kinds]) == ("shop", ["refund"])

    def test_names_file_and_line_of_an_unknown_key(self, folder):
        words = spoiled(folder, KIND + "steps:\n  - code: a\n    name: 甲\n    stag: accept\n")

        assert "shop/kinds/refund.yaml:7: steps.0.stag" in words
        assert "steps.0.stage" in words

    def test_names_the_line_of_a_broken_file(self, folder):
        assert "shop/kinds/refund.yaml:2" in spoiled(folder, "code: refund\n name: [\n")

    def test_names_every_mistake_at_once(self, folder):
        (folder / "pack.yaml").write_text("code: shop\n", encoding="utf-8")
        words = spoiled(folder, KIND.replace("TK", "tk"))

        assert "pack.yaml" in words
        assert "prefix" in words

    def test_a_kind_is_called_as_its_file(self, folder):
        assert "refund" in spoiled(folder, KIND.replace("code: refund", "code: other"))

    @pytest.mark.parametrize("text", ["", "- 1\n", "null", "a: &x [*x]", "!!python/object:os.x {}"])
    def test_refuses_what_is_no_kind_at_all(self, folder, text):
        assert "refund.yaml" in spoiled(folder, text)


@pytest.mark.django_db
class TestShippedPacks:
    @pytest.mark.duty("D202", "D414", "D142")
    def test_the_general_kinds_are_apart(self):
        install_pack(read_pack(packs_folder() / "general"), by=system_staff())

        kinds = {kind.code: kind.is_complaint for kind in CaseKind.objects.all()}
        apart = {"enquiry", "lookup", "suggestion", "venting", "technical", "praise", "report"}
        others = {"request", "fault", "guidance", "emergency"}
        assert kinds == {"complaint": True} | dict.fromkeys(apart | others, False)

    @pytest.mark.duty(
        "D670", "D671", "D672", "D673", "D674", "D675", "D676", "D647", "D649", "D690", "D691"
    )
    def test_the_property_pack_brings_the_papers_of_the_source(self):
        for pack in shipped_packs():
            install_pack(pack, by=system_staff())

        complaint = CaseKind.objects.get(code="complaint")
        assert complaint.pack == "property"
        assert "不含业主/租户对大厦管理的建议及善意的批评" in complaint.defined.explanation
        tops = CaseCategory.objects.filter(
            kind=complaint, axis="category", parent=None, is_active=True
        )
        assert tops.count() == 7
        causes = complaint.nodes.filter(axis="cause").values_list("name", flat=True)
        assert {"业主对管理规定不了解或了解不多", "制度不完善", "政策法规有待完善"} <= set(causes)

    def test_twice_changes_nothing(self):
        for _round in range(2):
            outcomes = {
                kind.outcome
                for pack in shipped_packs()
                for kind in install_pack(pack, by=system_staff()).kinds
            }
        assert outcomes <= {"unchanged", "kept"}

    def test_refuses_who_may_not_configure(self):
        with pytest.raises(NotPermitted):
            install_pack(shipped_packs()[0], by=StaffFactory(role="agent"))


class TestCheckText:
    @pytest.mark.parametrize(
        ("text", "line", "words"),
        [
            (KIND + "name: 又一个\n", 4, "name"),
            (KIND + "steps:\n  - {code: a, name: 甲, stage: accept, stage: handle}\n", 5, "stage"),
            (KIND + "fields: &all []\nsteps: *all\n", 5, "*"),
            (KIND + "clocks:\n  - {stage: handle}\n", 5, "clocks.0"),
            (KIND + "fields:\n  - code: a\n    name: 甲\n    type: colour\n", 7, "fields.0.type"),
            ("x" * 300_001, 1, ""),
        ],
    )
    def test_names_the_line_and_the_mistake(self, text, line, words):
        kind, mistakes = check_text(text, KindDefinition)

        assert kind is None
        assert mistakes[0].line == line
        assert words in mistakes[0].words
