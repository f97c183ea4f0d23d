"""Rules of understanding a whole mail."""

import base64
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwen.mailroom.carriers.email.addresses import Address
from shouwen.mailroom.carriers.email.automatic import AutomaticKind
from shouwen.mailroom.carriers.email.message import UnreadableMail, bare_subject, read_mail
from shouwen.mailroom.carriers.email.tests.mails import HEAD, mail, multipart, text_mail, word

TEXT = "您好，镕基先生的訂單，请查收。"


class TestCharsets:
    @pytest.mark.parametrize(
        "label",
        ["gb2312", "GBK", "gb18030", "x-gbk", "ISO-GB2312", "cp936", '"gb2312', "gb_2312-80"],
    )
    def test_decodes_gb18030_text_whatever_its_chinese_label(self, label):
        assert read_mail(text_mail(TEXT.encode("gb18030"), label)).text == TEXT

    @pytest.mark.parametrize("label", ["utf8mb4", "utf-8", "UTF8", "'utf-8'", "unicode-1-1-utf-8"])
    def test_decodes_utf_8_whatever_its_label(self, label):
        assert read_mail(text_mail(TEXT.encode(), label)).text == TEXT

    def test_decodes_big5_with_hong_kong_signs(self):
        assert read_mail(text_mail("我哋嘅訂單".encode("big5hkscs"), "big5")).text == "我哋嘅訂單"

    @pytest.mark.parametrize(
        ("written", "label"), [("gb18030", "utf-8"), ("utf-8", "gb2312"), ("utf-8", "iso-8859-1")]
    )
    def test_sees_through_a_wrong_label(self, written, label):
        read = read_mail(text_mail(TEXT.encode(written), label))

        assert read.text == TEXT
        assert "charset-guessed" in read.problems

    @pytest.mark.parametrize("written", ["utf-8", "gb18030", "big5"])
    @pytest.mark.parametrize("label", ["us-ascii", "x-unknown", "no-such-charset"])
    def test_guesses_where_the_label_says_nothing(self, written, label):
        text = "這是一封沒有標明字集的信"
        assert read_mail(text_mail(text.encode(written), label)).text == text

    def test_reads_latin_1_as_windows_1252(self):
        assert read_mail(text_mail(b"\x93caf\xe9\x94 \x80 5", "iso-8859-1")).text == "“café” € 5"

    def test_takes_lone_accents_without_label_for_western(self):
        assert read_mail(mail(b"Viele Gr\xfc\xdfe, M\xfcller")).text == "Viele Grüße, Müller"

    @pytest.mark.parametrize("charset", ["iso-2022-jp", "koi8-r", "utf-7", "shift_jis", "euc-kr"])
    def test_decodes_other_charsets(self, charset):
        text = {"koi8-r": "Привет", "euc-kr": "안녕"}.get(charset, "こんにちは")
        assert read_mail(text_mail(text.encode(charset), charset)).text == text

    def test_refuses_codecs_that_are_no_charsets(self):
        assert read_mail(text_mail(b"abc", "unicode_escape")).text == "abc"


class TestHeaders:
    def test_joins_encoded_words_cut_within_a_character(self):
        raw = "关于您的订单".encode("gbk")
        subject = b"Subject: " + word(raw[:5], "gb2312") + b"\r\n " + word(raw[5:], "gb2312")

        assert read_mail(subject + b"\r\n\r\nx").subject == "关于您的订单"

    def test_keeps_words_of_different_charsets_apart(self):
        subject = word("中".encode(), "utf-8") + b" " + word("文".encode("gbk"), "gbk") + b" ok"

        assert read_mail(b"Subject: " + subject + b"\r\n\r\nx").subject == "中文 ok"

    @pytest.mark.parametrize("written", ["utf-8", "gb18030"])
    def test_reads_raw_8_bit_subject_and_name(self, written):
        head = "Subject: 请问订单到哪里了\r\nFrom: 张三丰 <z@b.cn>\r\n".encode(written)
        read = read_mail(mail(b"x", head=head))

        assert (read.subject, read.from_name) == ("请问订单到哪里了", "张三丰")

    @pytest.mark.parametrize(
        ("field", "name", "address"),
        [
            ("Smith, John <j@x.org>", "Smith, John", "j@x.org"),
            ('"Smith, John" <j@x.org>', "Smith, John", "j@x.org"),
            ("j@x.org (John Smith)", "John Smith", "j@x.org"),
            ("<j@x.org>", "", "j@x.org"),
            ("John j@x.org", "John", "j@x.org"),
            ("John <<j@x.org>>", "John", "j@x.org"),
            ("John <mailto:j@x.org>", "John", "j@x.org"),
            (
                "=?utf-8?B?" + base64.b64encode("张, 三 <z@b.cn>".encode()).decode() + "?=",
                "张, 三",
                "z@b.cn",
            ),
            ('"=?gbk?B?1cXI/Q==?=" <z@b.cn>', "张三", "z@b.cn"),
            ("undisclosed: j@x.org;", "", "j@x.org"),
            ("张三 ＜z@b.cn＞", "张三", "z@b.cn"),
        ],
    )
    def test_reads_senders_in_any_form(self, field, name, address):
        read = read_mail(f"From: {field}\r\n\r\nx".encode())

        assert (read.from_name, read.from_address) == (name, address)

    @pytest.mark.parametrize("field", ["Reply-To", "Sender", "Return-Path"])
    def test_takes_another_field_where_from_is_missing(self, field):
        read = read_mail(f"{field}: <z@b.cn>\r\n\r\nx".encode())

        assert read.from_address == "z@b.cn"
        assert "from-missing" in read.problems

    def test_reads_recipients_ids_and_date(self):
        fields = (b"To: =?utf-8?B?5byg?= <a@b.cn>, c@d.cn; e@f.cn", b"Message-ID: <1@x>")
        more = (
            b"In-Reply-To: <0@x>",
            b"References: <a@x>\r\n <0@x>",
            b"Date: 1 Mar 2024 10:00 +0800",
        )
        read = read_mail(mail(b"x", *fields, *more))

        assert read.to == [Address("张", "a@b.cn"), Address("", "c@d.cn"), Address("", "e@f.cn")]
        assert (read.message_id, read.in_reply_to, read.references) == (
            "1@x",
            "0@x",
            ["a@x", "0@x"],
        )
        assert read.date is not None
        assert read.date.isoformat() == "2024-03-01T10:00:00+08:00"

    def test_keeps_the_subject_and_offers_it_bare(self):
        assert bare_subject("回复：Re: 转发: [客服] Fwd: 订单") == "[客服] Fwd: 订单"
        assert bare_subject("答复: ") == "答复:"


class TestShape:
    def test_prefers_plain_text_and_keeps_html(self):
        read = read_mail(
            multipart(
                b"Content-Type: text/plain\r\n\r\nplain",
                b"Content-Type: text/html\r\n\r\n<b>html</b>",
                kind="alternative",
            )
        )

        assert (read.text, read.html) == ("plain", "<b>html</b>")

    def test_makes_text_of_html(self):
        html = "<p>您好&nbsp;<b>张三</b></p><ul><li>一<li>二</ul><style>x</style>".encode()

        assert read_mail(mail(html, b"Content-Type: text/html")).text == "您好 张三\n\n* 一\n* 二"

    @pytest.mark.parametrize(
        "field",
        [
            b"attachment; filename*=gbk''%B6%A9%B5%A5.pdf",
            b"attachment; filename*0*=gbk''%B6%A9; filename*1*=%B5%A5.pdf",
            b'attachment; filename="=?gbk?B?tqm1pQ==?=.pdf"',
            b'attachment; filename="' + "订单.pdf".encode("gbk") + b'"',
            b'attachment; filename="' + "订单.pdf".encode() + b'"',
            b'attachment; filename="C:\\temp\\' + "订单.pdf".encode() + b'"',
            b'attachment; filename="../../' + "订单.pdf".encode() + b'"',
        ],
    )
    def test_names_attachments(self, field):
        part = b"Content-Type: application/pdf\r\nContent-Disposition: " + field + b"\r\n\r\nx"
        attachments = read_mail(multipart(b"\r\ntext", part)).attachments

        assert [(one.file_name, one.content) for one in attachments] == [("订单.pdf", b"x")]

    def test_reads_a_named_text_where_there_is_no_other(self):
        read = read_mail(multipart(b"Content-Type: text/plain; name=a.txt\r\n\r\nhello"))

        assert (read.text, read.attachments[0].file_name) == ("hello", "a.txt")

    def test_attaches_mails_within(self):
        part = b"Content-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\nhello"
        read = read_mail(multipart(b"\r\nouter", part))

        assert (read.text, read.attachments[0].file_name) == ("outer", "inner.eml")

    def test_takes_uuencoded_files_out_of_the_text(self):
        read = read_mail(mail(b"see\r\n\r\nbegin 644 a.txt\r\n#0V%T\r\n`\r\nend\r\n\r\nbye"))

        assert (read.text.split(), read.attachments[0].content) == (["see", "bye"], b"Cat")

    def test_undoes_flowed_lines(self):
        body = b"one \r\ntwo\r\n> three \r\n> four\r\n"
        read = read_mail(mail(body, b"Content-Type: text/plain; format=flowed"))

        assert read.text == "one two\n> three four"

    def test_marks_pictures_and_blocks_remote_ones(self):
        html = b'<img src="cid:a@b"><img src="https://t.example/p.gif"><img src=x onerror=alert(1)>'
        read = read_mail(mail(html, b"Content-Type: text/html"))

        assert 'src="cid:a@b"' in read.html
        assert 'data-remote-src="https://t.example/p.gif"' in read.html
        assert ' src="http' not in read.html
        assert "onerror" not in read.html

    def test_reads_winmail(self):
        packed = struct.pack("<IH", 0x223E9F78, 1)
        for level, name, content in (
            *((1, 0x0002800C, b"hello\0"), (2, 0x00069002, b"")),
            *((2, 0x00018010, b"a.txt\0"), (2, 0x0006800F, b"data")),
        ):
            packed += struct.pack("<BII", level, name, len(content)) + content + b"\0\0"
        encoded = base64.encodebytes(packed)
        fields = (b"Content-Type: application/ms-tnef", b"Content-Transfer-Encoding: base64")
        read = read_mail(mail(encoded, *fields))

        assert read.text == "hello"
        assert [(one.file_name, one.content) for one in read.attachments] == [("a.txt", b"data")]


class TestBrokenMail:
    @pytest.mark.parametrize("raw", [b"", b" \r\n", b"\0\0"])
    def test_that_is_empty_is_refused(self, raw):
        with pytest.raises(UnreadableMail):
            read_mail(raw)

    def test_with_bare_carriage_returns_is_read(self):
        read = read_mail(b"From: a@b.cn\rSubject: s\r\rline 1\rline 2")

        assert (read.subject, read.text) == ("s", "line 1\nline 2")

    def test_from_an_mbox_is_read(self):
        assert read_mail(b"From a@b.cn Mon Jan 1\n" + HEAD + b"\nx").subject == "hi"

    def test_without_closing_boundary_is_read(self):
        raw = mail(b"--B\r\n\r\nhello", b"Content-Type: multipart/mixed; boundary=B")

        assert read_mail(raw).text == "hello"

    def test_with_another_boundary_than_named_is_read(self):
        body = b"--C\r\nContent-Type: text/plain\r\n\r\nhello\r\n--C--"
        raw = mail(body, b"Content-Type: multipart/mixed; boundary=B")

        assert read_mail(raw).text == "hello"

    def test_with_broken_base64_is_read(self):
        body = base64.b64encode("订单 42".encode())[:-2] + b"!!"
        fields = (b"Content-Type: text/plain; charset=utf-8", b"Content-Transfer-Encoding: base64")

        assert "订单" in read_mail(mail(body, *fields)).text

    def test_with_deep_nesting_keeps_its_text(self):
        raw = HEAD
        for depth in range(30):
            raw += b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (depth, depth)

        assert read_mail(raw + b"Content-Type: text/plain\r\n\r\ndeep").text == "deep"

    def test_with_too_many_parts_says_so(self):
        read = read_mail(multipart(*[b"\r\npart"] * 3_000))

        assert "too-many-parts" in read.problems
        assert read.text.startswith("part")

    def test_with_huge_headers_keeps_what_matters(self):
        read = read_mail(b"X-Junk: " + b"a" * 3_000_000 + b"\r\nSubject: late\r\n\r\nbody")

        assert (read.subject, read.text) == ("late", "body")
        assert "headers-too-large" in read.problems

    @given(st.binary(max_size=600))
    def test_of_any_bytes_never_fails(self, raw):
        try:
            read_mail(raw)
        except UnreadableMail:
            assert not raw.strip(b"\0 \t\r\n\xef\xbb\xbf")

    @given(
        st.sampled_from(["multipart/mixed; boundary=B", "text/html", "text/plain; format=flowed",
                         "application/ms-tnef", "multipart/alternative; boundary=B"]),
        st.sampled_from(["base64", "quoted-printable", "x-uuencode", "8bit"]),
        st.binary(max_size=400),
    )  # fmt: skip
    def test_of_any_body_never_fails(self, content_type, encoding, body):
        fields = (f"Content-Type: {content_type}", f"Content-Transfer-Encoding: {encoding}")
        read_mail(mail(b"--B\r\n" + body, *(field.encode() for field in fields)))

    @given(st.text(max_size=200), st.text(max_size=200))
    def test_of_any_fields_never_fails(self, name, value):
        read_mail(
            f"From: {name} <{value}>\r\nSubject: =?{name}?q?{value}?=\r\n\r\nx".encode(
                "utf-8", "replace"
            )
        )


class TestAutomaticMail:
    @pytest.mark.parametrize(
        ("field", "kind"),
        [
            ("List-Unsubscribe: <mailto:x@y.cn>", AutomaticKind.BULK),
            ("List-Id: <a.b>", AutomaticKind.BULK),
            ("Precedence: bulk", AutomaticKind.BULK),
            ("Precedence: junk", AutomaticKind.BULK),
            ("X-Loop: a@b.cn", AutomaticKind.LOOP),
            ("Message-ID: <1@desk.example.cn>", AutomaticKind.LOOP),
            ("Auto-Submitted: auto-replied", AutomaticKind.AUTO_REPLY),
            ("Auto-Submitted: auto-generated (failure)", AutomaticKind.NOTICE),
            ("X-Auto-Response-Suppress: All", AutomaticKind.NOTICE),
            ("X-Autoreply: yes", AutomaticKind.AUTO_REPLY),
            ("X-Autorespond: ", AutomaticKind.AUTO_REPLY),
            ("Return-Path: <>", AutomaticKind.BOUNCE),
            ("X-Failed-Recipients: a@b.cn", AutomaticKind.BOUNCE),
        ],
    )
    def test_is_known_by_a_field(self, field, kind):
        read = read_mail(mail(b"x", field.encode()), own_domains={"desk.example.cn"})

        assert read.automatic is not None
        assert read.automatic.kind is kind

    @pytest.mark.parametrize(
        ("subject", "kind"),
        [
            ("自动回复: 订单", AutomaticKind.AUTO_REPLY),
            ("Automatic reply: order", AutomaticKind.AUTO_REPLY),
            ("Out of Office: order", AutomaticKind.AUTO_REPLY),
            ("系统退信/Systems bounce", AutomaticKind.BOUNCE),
            ("Undelivered Mail Returned to Sender", AutomaticKind.BOUNCE),
        ],
    )
    def test_is_known_by_its_subject(self, subject, kind):
        read = read_mail(f"From: a@b.cn\r\nSubject: {subject}\r\n\r\nx".encode())

        assert read.automatic is not None
        assert read.automatic.kind is kind

    @pytest.mark.parametrize(
        "subject", ["退件申请", "Re: failure notice", "订单自动回复不了", "请假"]
    )
    def test_is_not_seen_in_what_people_write(self, subject):
        assert (
            read_mail(
                f"From: a@b.cn\r\nAuto-Submitted: no\r\nSubject: {subject}\r\n\r\nx".encode()
            ).automatic
            is None
        )

    @pytest.mark.parametrize(
        "kind", ["delivery-status", "feedback-report", "disposition-notification"]
    )
    def test_is_known_by_being_a_report(self, kind):
        assert (
            read_mail(multipart(b"\r\nx", kind=f"report; report-type={kind}")).automatic is not None
        )

    def test_names_who_could_not_be_reached(self):
        status = (
            b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n"
            b"Final-Recipient: rfc822; gone@b.cn\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        )
        raw = multipart(b"\r\nSorry", status, kind="report; report-type=delivery-status")
        found = read_mail(raw).automatic

        assert found is not None
        assert (found.kind, found.failed_recipient, found.status) == (
            AutomaticKind.BOUNCE,
            "gone@b.cn",
            "5.1.1",
        )
