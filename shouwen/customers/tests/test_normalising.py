"""One form for each contact point, and how it looks masked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwen.customers.masking import mask_contact, mask_im, mask_name
from shouwen.customers.normalising import (
    Unreadable,
    normalise_im,
    normalise_mail,
    normalise_phone,
    phone_in_clear,
)


class TestPhone:
    @pytest.mark.parametrize(
        "written",
        [
            "13800137719",
            "138 0013 7719",
            "138-0013-7719",
            "+86 138 0013 7719",
            "008613800137719",
            "8613800137719",
            "013800137719",
            "１３８００１３７７１９",
            "tel:+8613800137719",
        ],
    )
    def test_has_one_form_however_written(self, written):
        assert normalise_phone(written) == "+8613800137719"

    @pytest.mark.parametrize(
        ("written", "normalised", "clear", "masked"),
        [
            ("(021)5555 1234", "+862155551234", "021-55551234", "021-****1234"),
            ("021-55551234转801", "+862155551234x801", "021-55551234 转 801", "021-****1234"),
            ("400-820-8820", "+864008208820", "4008208820", "****8820"),
            ("10086", "10086", "10086", "****"),
            ("55551234", "55551234", "55551234", "****1234"),
            ("+852 2345 6789", "+85223456789", "+852-23456789", "+852-****6789"),
            ("+8695588", "+8695588", "95588", "****"),
            ("13800137719", "+8613800137719", "13800137719", "138****7719"),
        ],
    )
    def test_is_read_shown_and_masked(self, written, normalised, clear, masked):
        assert normalise_phone(written) == normalised
        assert phone_in_clear(normalised) == clear
        assert mask_contact("phone", normalised) == masked

    @pytest.mark.parametrize("written", ["", "12", "周玉兰", "abc 123", "1" * 19])
    def test_refuses_what_is_none(self, written):
        with pytest.raises(Unreadable):
            normalise_phone(written)

    @given(st.text(max_size=40))
    def test_its_form_is_its_own_form(self, text):
        try:
            once = normalise_phone(text)
        except Unreadable:
            return
        assert normalise_phone(once) == once
        assert once not in mask_contact("phone", once)


class TestMail:
    def test_is_lower_case_with_an_ascii_host(self):
        assert normalise_mail(" <Zhang.San@例子.CN> ") == "zhang.san@xn--fsqu00a.cn"

    @pytest.mark.parametrize("written", ["zhang", "@x.com", "a@", "a b@x.com", "a@" + "x" * 300])
    def test_refuses_what_is_none(self, written):
        with pytest.raises(Unreadable):
            normalise_mail(written)

    def test_keeps_first_letter_and_host_when_masked(self):
        assert mask_contact("mail", "zhang@x.com") == "z***@x.com"

    def test_refuses_a_host_that_cannot_be_one(self):
        with pytest.raises(Unreadable):
            normalise_mail("a@..x")


class TestIm:
    def test_keeps_capitals(self):
        assert normalise_im("  WxId_7 ") == "WxId_7"

    @pytest.mark.parametrize("written", ["", "  ", "a\nb", "x" * 300])
    def test_refuses_what_is_none(self, written):
        with pytest.raises(Unreadable):
            normalise_im(written)

    @pytest.mark.parametrize(("clear", "masked"), [("wxid_77", "wx***7"), ("abc", "****")])
    def test_is_masked(self, clear, masked):
        assert mask_im(clear) == masked


class TestName:
    @pytest.mark.parametrize(
        ("clear", "masked"),
        [
            ("周玉兰", "周*兰"),
            ("周兰", "周*"),
            ("周", "周*"),
            ("欧阳娜娜", "欧**娜"),
            ("阿卜杜拉·买买提", "阿***提"),
            ("John Smith", "J*** S***"),
        ],
    )
    def test_is_masked(self, clear, masked):
        assert mask_name(clear) == masked
