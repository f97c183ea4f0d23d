"""Rules of telling the new text from quoted mail and signatures."""

import pytest

from shouwen.mailroom.carriers.email.replies import reply_of_html, reply_of_text

NEW = "您好，货已经收到了，谢谢。"
OLD = "尊敬的客户：\n您的订单已经发出。"

CHINESE_FORMS = {
    "qq": '------------------ 原始邮件 ------------------\n发件人: "客服" <kefu@shop.cn>;\n'
    '发送时间: 2024年3月1日(星期五) 上午10:00\n收件人: "张三"<1@qq.com>;\n主题: 订单\n\n',
    "qq entities": "------------------&nbsp;原始邮件&nbsp;------------------\n"
    '发件人:&nbsp;"客服"<kefu@shop.cn>;\n发送时间:&nbsp;2024年3月1日\n\n',
    "qq english": '------------------ Original ------------------\nFrS: "客服"<kefu@shop.cn>;\n',
    "qq phone": '---原始邮件---\n发件人: "客服"<kefu@shop.cn>\n发送时间: 2024年3月1日(周五) 10:00\n'
    '收件人: "1"<1@qq.com>;\n主题: 订单\n\n',
    "qq reply": "------------------ 回复的邮件 ------------------\n",
    "163 master": "---- 回复的原邮件 ----\n| 发件人 | 客服<kefu@shop.cn> |\n| 发送日期 | 2024年3月1日 10:00 |"
    "\n| 收件人 | <a@163.com> |\n| 主题 | 订单 |\n",
    "163 english": "---- Replied Message ----\n| From | 客服<kefu@shop.cn> |\n| Date | 03/01/2024 10:00 |\n",
    "163 web": '在 2024-03-01 10:00:00，"客服" <kefu@shop.cn> 写道：\n\n',
    "163 old": 'At 2024-03-01 10:00:00, "客服" <kefu@shop.cn> wrote:\n\n',
    "163 no space": "在2024年03月01日 10:00，客服<kefu@shop.cn> 写道：\n",
    "outlook": "________________________________\n发件人: 客服 <kefu@shop.cn>\n发送时间: 2024年3月1日 10:00\n"
    "收件人: 张三 <a@b.cn>\n主题: 订单\n\n",
    "outlook full width": "发件人： 客服\n发送时间： 2024年3月1日 10:00\n收件人： 张三\n抄送： 李四\n主题： 答复: 订单\n\n",
    "outlook bold": "*发件人:* 客服 <kefu@shop.cn>\n*发送时间:* 2024年3月1日 10:00\n*收件人:* 张三\n*主题:* 订单\n\n",
    "outlook mac": "发件人: 客服 <kefu@shop.cn>\n日期: 星期五, 2024年3月1日 上午10:00\n收件人: 张三 <a@b.cn>\n"
    "主题: 订单\n\n",
    "outlook dashes": "-----邮件原件-----\n发件人: 客服 [mailto:kefu@shop.cn]\n发送时间: 2024年3月1日 10:00\n"
    "收件人: 张三\n主题: 订单\n\n",
    "foxmail": " \n发件人： 客服\n发送时间： 2024-03-01 10:00\n收件人： 张三\n主题： 订单\n",
    "gmail": "客服 <kefu@shop.cn> 于2024年3月1日周五 10:00写道：\n\n",
    "gmail traditional": "客服 <kefu@shop.cn> 於 2024年3月1日 週五 上午10:00寫道：\n\n",
    "apple": "在 2024年3月1日，上午10:00，客服 <kefu@shop.cn> 写道：\n\n",
    "apple new": "客服 <kefu@shop.cn> 在 2024年3月1日 星期五 10:00 写道：\n\n",
    "apple wrapped": "在 2024年3月1日，上午10:00，客服\n<kefu@shop.cn> 写道：\n\n",
    "aliyun": "------------------------------------------------------------------\n发件人：客服 <kefu@shop.cn>\n"
    "发送时间：2024年3月1日(星期五) 10:00\n收件人：张三 <a@b.cn>\n主　题：订单\n\n",
    "sina": "----- 原始邮件 -----\n发件人：客服 <kefu@shop.cn>\n收件人：a@sina.com\n主题：订单\n日期：2024年03月01日 10点00分\n\n",
    "huawei": "-------- 原始邮件 --------\n发件人： 客服 <kefu@shop.cn>\n日期： 2024年3月1日周五 10:00\n收件人： a@b.cn\n"
    "主　题： 订单\n",
    "coremail": "-----原始邮件-----\n发件人:客服 <kefu@shop.cn>\n发送时间:2024-03-01 10:00:00 (星期五)\n收件人: a@b.cn\n"
    "抄送:\n主题: 订单\n\n",
    "taiwan outlook": "寄件者: 客服 <kefu@shop.cn>\n寄件日期: 2024年3月1日 上午 10:00\n收件者: 張三\n主旨: 訂單\n\n",
    "hong kong phone": "-------- 原始郵件 --------\n自： 客服 <kefu@shop.cn>\n",
    "english outlook": "From: 客服 <kefu@shop.cn>\nSent: Friday, March 1, 2024 10:00\nTo: a@b.cn\nSubject: 订单\n\n",
    "original message": "-----Original Message-----\nFrom: 客服\n\n",
    "bare title": "原始邮件\n发件人:客服<kefu@shop.cn>\n收件人:张三<a@b.cn>\n发送时间:2024年3月1日\n主题:订单\n\n",
    "dingtalk line": "----------回复的邮件信息----------\n客服<kefu@shop.cn> 2024年3月1日 周五 10:00写道：\n\n",
}
PHONES = [
    "发自我的iPhone", "发自我的 iPhone", "发自我的华为手机", "来自我的小米手机", "发自网易邮箱大师", "从我的 iPhone 发送",
    "從我的 iPhone 傳送", "发送自 Windows 10 版邮件应用", "从 Windows 版邮件发送", "获取 Outlook for iOS",
    "来自 Outlook for Android", "Sent from my iPhone", "Von meinem iPhone gesendet", "Envoyé de mon iPhone",
    "Sent from Yahoo Mail on Android", "Get Outlook for iOS<https://aka.ms/o0ukef>", "iPhoneから送信",
    "Enviado desde mi iPhone", "Inviato da iPhone", "Verstuurd vanaf mijn iPad", "Skickat från min iPhone",
]  # fmt: skip
FOREIGN_FORMS = [
    "On Mon, Mar 4, 2024 at 9:15 AM Ann Lee <ann@example.org> wrote:",
    "On 4 Mar 2024, at 09:15, Ann Lee\n<ann@example.org> wrote:",
    "Am 04.03.2024 um 09:15 schrieb Ann Lee:",
    "Am Mo., 4. März 2024 um 09:15 Uhr schrieb Ann Lee <ann@example.org>:",
    "Ann Lee <ann@example.org> schrieb am Mo., 4. März 2024, 09:15:",
    "Le lun. 4 mars 2024 à 09:15, Ann Lee <ann@example.org> a écrit :",
    "El lun, 4 mar 2024 a las 9:15, Ann Lee (<ann@example.org>) escribió:",
    "Il giorno lun 4 mar 2024 alle ore 09:15 Ann Lee <ann@example.org> ha scritto:",
    "Em seg., 4 de mar. de 2024 às 09:15, Ann Lee <ann@example.org> escreveu:",
    "Op ma 4 mrt 2024 om 09:15 schreef Ann Lee <ann@example.org>:",
    "Den mån 4 mars 2024 kl 09:15 skrev Ann Lee <ann@example.org>:",
    "pon., 4 mar 2024 o 09:15 Ann Lee <ann@example.org> napisał(a):",
    "пн, 4 мар. 2024 г. в 09:15, Ann Lee <ann@example.org>:",
    "2024年3月4日(月) 9:15 Ann Lee <ann@example.org>:",
    "2024년 3월 4일 (월) 오전 9:15, Ann Lee <ann@example.org>님이 작성:",
    "-----Ursprüngliche Nachricht-----\nVon: Ann Lee\nGesendet: Montag, 4. März 2024 09:15",
    "De : Ann Lee <ann@example.org>\nEnvoyé : lundi 4 mars 2024 09:15\nÀ : Bob\nObjet : Commande",
    "Von: Ann Lee <ann@example.org>\nGesendet: Montag, 4. März 2024 09:15\nAn: Bob\nBetreff: Auftrag",
    "De: Ann Lee\nEnviado: lunes, 4 de marzo de 2024 9:15\nPara: Bob\nAsunto: Pedido",
    "________________________________\nFrom: Ann Lee\nSent: Monday, March 4, 2024\nTo: Bob\nSubject: Order",
]


class TestQuotedMail:
    @pytest.mark.parametrize("form", CHINESE_FORMS)
    def test_is_folded_in_chinese_forms(self, form):
        reply = reply_of_text(f"{NEW}\n\n{CHINESE_FORMS[form]}{OLD}")

        assert reply.text == NEW
        assert "订单已经发出" in reply.folded

    @pytest.mark.parametrize("form", CHINESE_FORMS)
    def test_is_folded_when_marked_as_well(self, form):
        marked = "\n".join(f"> {line}" for line in OLD.split("\n"))

        assert reply_of_text(f"{NEW}\n\n{CHINESE_FORMS[form]}{marked}\n").text == NEW

    @pytest.mark.parametrize("intro", FOREIGN_FORMS)
    def test_is_folded_in_foreign_forms(self, intro):
        assert reply_of_text(f"Thanks, it works.\n\n{intro}\n\nDear Bob,\nplease try.").text == (
            "Thanks, it works."
        )

    def test_is_folded_where_it_shares_a_line_with_the_reply(self):
        text = "好的 ------------------ 原始邮件 ------------------\n发件人: a"

        assert reply_of_text(text).text == "好的"

    @pytest.mark.parametrize(
        "intro", ["在 2024年3月1日，客服 写道：", "2024年3月1日 10:00，客服 <k@b.cn> 写道："]
    )
    def test_is_folded_with_a_marked_announcement(self, intro):
        assert reply_of_text(f"{NEW}\n\n> {intro}\n> \n> 旧信\n").text == NEW

    def test_is_folded_below_header_lines_run_together(self):
        header = "Date: Tue, 2 Oct 2012 02:35:10 +0000 From: a@b.cn To: Lee, Ann Subject: News"

        assert reply_of_text(f"Thanks\n\n{header}\n\nold").text == "Thanks"

    def test_leaves_an_answer_below_the_quote(self):
        text = "On 4 Mar 2024, at 09:15, Ann wrote:\n> Which size?\n\nLarge, please."

        assert reply_of_text(text).text == "Large, please."

    def test_stays_where_answers_stand_between(self):
        text = "On 4 Mar 2024, at 09:15, Ann wrote:\n> Which size?\nLarge.\n> Which colour?\nBlue."

        assert reply_of_text(text).text == text

    def test_counts_as_new_when_there_is_nothing_else(self):
        text = "发件人: 客服 <kefu@shop.cn>\n发送时间: 2024年3月1日\n主题: 订单\n\n请看。"

        assert reply_of_text(text).text == text

    def test_counts_as_new_when_forwarded(self):
        text = "请处理\n\n---------- Forwarded message ---------\nFrom: a <a@b.cn>\n\n坏了"

        assert reply_of_text(text).text == text


class TestText:
    @pytest.mark.parametrize(
        "text",
        [
            "On Monday we will come.\nPlease wait.",
            "从北京出发: 周一\n到达: 周二",
            "姓名: 张三\n电话: 13800000000\n地址: 北京",
            "在 3 月 1 日我买了手机，写道歉信也没用",
            "请用 -- 参数",
            "- 第一\n- 第二",
            "Sent from my desk, is much easier than my phone.",
            "问题:\n1. 开机慢\n2. 发热",
        ],
    )
    def test_that_only_looks_like_a_quote_stays(self, text):
        assert reply_of_text(text).text == text


class TestSignature:
    def test_is_taken_off_below_its_mark(self):
        reply = reply_of_text(f"{NEW}\n\n-- \n张三\n某某公司")

        assert (reply.text, reply.signature) == (NEW, "-- \n张三\n某某公司".replace("-- ", "--"))

    @pytest.mark.parametrize("line", PHONES)
    def test_of_a_phone_is_taken_off(self, line):
        assert reply_of_text(f"{NEW}\n\n{line}").text == NEW

    @pytest.mark.parametrize("line", PHONES)
    def test_of_a_phone_above_a_quote_is_taken_off(self, line):
        text = f"{NEW}\n\n{line}\n\n{CHINESE_FORMS['qq']}{OLD}"

        assert reply_of_text(text).text == NEW

    def test_of_a_person_above_that_of_a_list_is_taken_off(self):
        assert reply_of_text(
            "Which one?\n\n-Ann Lee\n\n____________\nusers mailing list\n"
        ).text == ("Which one?")

    @pytest.mark.parametrize("title", ["Disclaimer", "免责声明：", "CONFIDENTIALITY NOTICE:"])
    def test_takes_a_disclaimer_with_it(self, title):
        assert reply_of_text(f"{NEW}\n\n{title}\n\nThis mail is secret.").text == NEW


class TestHtml:
    @pytest.mark.parametrize(
        "quote",
        [
            '<div class="gmail_quote"><div class="gmail_attr">客服 于 2024 写道</div>'
            "<blockquote>旧信</blockquote></div>",
            '<blockquote type="cite">旧信</blockquote>',
            '<div id="divRplyFwdMsg"><b>发件人:</b> 客服</div><div>旧信</div>',
            '<div id="isReplyContent">旧信</div>',
            '<div class="yahoo_quoted">旧信</div>',
            "<div><includetail>旧信</includetail></div>",
            '<div class="moz-cite-prefix">客服 wrote</div><blockquote>旧信</blockquote>',
            '<div style="font-size:12px">------------------&nbsp;原始邮件&nbsp;------------------</div>'
            "<div><b>发件人:</b>&nbsp;客服</div><div>旧信</div>",
            '<div id="ntes-pcmac-signature">---- 回复的原邮件 ----</div><table><tr><td>发件人</td>'
            "<td>客服</td></tr></table><blockquote>旧信</blockquote>",
            "<div><b>发件人：</b>客服&lt;a@b.cn&gt;<br><b>发送时间：</b>2024-03-01<br><b>主题：</b>订单</div>"
            "<div>旧信</div>",
        ],
    )
    def test_quote_is_folded(self, quote):
        reply = reply_of_html(f"<html><body><div>{NEW}</div><br>{quote}</body></html>")

        assert reply.text == NEW
        assert "旧信" in reply.folded

    def test_signature_is_taken_off(self):
        reply = reply_of_html(f'<div>{NEW}</div><div class="gmail_signature">张三<br>公司</div>')

        assert (reply.text, reply.signature) == (NEW, "张三\n公司")
