"""The words by which mailers of many languages announce what they quote, and their own marks."""

import re

# Names of header lines that stand above a quoted mail, by what they tell.
_LABELS = {
    "from": (
        "from|von|de|da|van|fra|från|od|от|от кого|від|lähettäjä|feladó|expéditeur|remitente|mittente"
        "|afzender|kimden|gönderen|nadawca|expeditor|de la|odesílatel|odesílateľ|από|từ|dari|发件人"
        "|寄件者|寄件人|发信人|發件人|发送人|发送者|寄信人|来自|發信人|差出人|送信者|送信元|보낸사람|보낸이"
    ),
    "date": (
        "sent|date|sent at|sent on|gesendet|gesendet am|datum|envoyé|envoyé le|date d'envoi|enviado"
        "|enviado el|enviado em|enviada em|enviada|fecha|data|inviato|data invio|verzonden"
        "|verzonden op|sendt|dato|skickat|wysłano|wysłane|отправлено|дата|надіслано|lähetetty"
        "|päivämäärä|pvm|elküldve|dátum|odesláno|odoslané|tarih|gönderildi|gönderme tarihi"
        "|ημερομηνία|ngày|tanggal|发送时间|发送日期|日期|时间|發送時間|發送日期|傳送時間|寄件日期|寄件時間"
        "|时间日期|發信時間|发件时间|发信时间|邮件日期|日時|送信日時|日付|送信|보낸날짜|날짜|보낸시간|寄出日期|時間"
    ),
    "to": (
        "to|an|à|a|para|aan|til|till|do|кому|кому|vastaanottaja|címzett|komu|kime|alıcı|destinataire"
        "|destinatario|destinatari|pour|ontvanger|către|către|προς|đến|kepada|收件人|收信人|收件者|受信者"
        "|宛先|送信先|받는사람|받는이|接收人|收信者"
    ),
    "cc": "cc|bcc|dw|kopie|copie|copia|kopia|抄送|副本|抄送人|密送|копия|копія|참조|kopi|cópia|másolatot kap|bilgi",
    "subject": (
        "subject|betreff|objet|sujet|asunto|assunto|oggetto|onderwerp|emne|ämne|temat|тема|aihe"
        "|tárgy|předmět|predmet|konu|subiect|θέμα|chủ đề|tiêu đề|subjek|perihal|主题|主旨|主題|标题|標題"
        "|件名|제목|邮件主题"
    ),
    "other": (
        "reply-to|reply to|importance|priority|attachments|organization|antwort an|répondre à"
        "|beantwoorden - aan|rispondi a|附件|重要性|回复地址|x-mailer|newsgroups|wichtigkeit|anlagen"
    ),
}
LABEL_KINDS = {
    word.replace(" ", ""): kind for kind, words in _LABELS.items() for word in words.split("|")
}
_CHINESE_LABELS = "|".join(
    r"[ \u3000]{0,4}".join(word)
    for words in _LABELS.values()
    for word in words.split("|")
    if re.match("[\u3040-\u9fff\uac00-\ud7a3]", word)
)
# What may be a label, to be looked up among LABEL_KINDS: `*From:*`, `| 发件人 |`, `主　题：`.
LABEL_LINE = re.compile(
    r"^[\s>*|_\u3000-]{0,20}(?P<label>[^\W\d_][^:：|*\n]{0,24}?)[\s*\u3000]{0,6}(?:[:：|])"
)
LABEL_WITHIN = re.compile(
    rf"(?:[;；]|\s)\s*({_CHINESE_LABELS}|from|sent|date|to|cc|subject)\s*[:：]\s", re.I
)

_FORWARDED = (
    r"forwarded message|forwarded by|forward(?:ed)? (?:mail|email)|weitergeleitete nachricht"
    r"|message (?:transféré|transmis|réexpédié)|mensaje reenviado|mensagem (?:encaminhada|reencaminhada)"
    r"|messaggio inoltrato|doorgestuurd bericht|vidarebefordrat meddelande|videresendt melding"
    r"|videresendt meddelelse|przekazana wiadomość|пересылаемое сообщение|пересланное сообщение"
    r"|转发邮件信息|转发的?邮件|转发的?消息|轉寄的?(?:郵件|訊息)|轉發的?郵件|転送メッセージ|전달된 메시지"
)
_BEGIN_FORWARDED = (
    r"begin forwarded message|anfang der weitergeleiteten|début du (?:message|mail) (?:transféré|réexpédié)"
    r"|inicio del mensaje reenviado|inizio messaggio inoltrato|begin doorgestuurd bericht"
    r"|下面是被转发的邮件|下面是转发邮件|以下是转发的?邮件|開始轉寄郵件|開始轉寄訊息|开始转发邮件|开始转发的邮件"
)
FORWARD_LINE = re.compile(
    rf"^[\s*]*(?:[-_=—─*~]{{2,}}\s*(?:{_FORWARDED})[\s\S]*?[-_=—─*~]*|(?:{_BEGIN_FORWARDED}).{{0,20}}[:：]?)[\s*]*$",
    re.I,
)
_ORIGINAL = (
    r"original(?: message| mail| email| appointment)?|reply message|replied message|reply"
    r"|ursprüngliche (?:nachricht|mail|e-mail)|originalnachricht|original-?nachricht|antwort nachricht"
    r"|original nachricht|message d['’]origine|message (?:original|initial|d'origine)|e-?mail d['’]origine"
    r"|mensaje original|correo original|mensagem original|messaggio originale|messaggio di origine"
    r"|oorspronkelijk bericht|origineel bericht|ursprungligt meddelande|originalmeddelande"
    r"|opprinnelig melding|oprindelig meddelelse|original besked|alkuperäinen viesti|eredeti üzenet"
    r"|(?:wiadomość oryginalna|oryginalna wiadomość)|исходное сообщение|původní (?:zpráva|e-mail)"
    r"|pôvodná správa|orijinal (?:mesaj|ileti)|özgün ileti|mesaj original|αρχικό μήνυμα|izvorna poruka"
    r"|originalna poruka|tin nhắn gốc|pesan asli|previous message"
    r"|原始?邮件|原始(?:信息|消息|信件|訊息|郵件)|原郵件|原始內容|邮件原件|邮件原文|原信|原文|回复的?原?邮件|回覆的?郵件"
    r"|回复邮件|回复(?:原文)?|答复邮件|引用邮件|历史邮件|元のメッセージ|オリジナルメッセージ|원본 ?메(?:시|세)지|원본 ?메일"
)
ORIGINAL_LINE = re.compile(
    rf"^[\s>*|<]*[-_=—─*~]{{2,}}[\s*]*(?:{_ORIGINAL})[\s*:：]*[-_=—─*~]{{2,}}[\s*|]*(?:(?:{_CHINESE_LABELS}|from)\s*[:：].*)?$"
    rf"|^[\s>*|]*[-_=—─]{{3,}}[\s*]*(?:{_ORIGINAL})[\s*:：]*$"
    r"|^\[?original message processed by .{1,80}$",
    re.I,
)
ORIGINAL_TITLE = re.compile(
    rf"^[\s*]*(?!(?:reply|original)\b\W*$)(?=.{{4}})(?:{_ORIGINAL})[\s*:：]*$", re.I
)
ORIGINAL_WITHIN = re.compile(rf"(?<=[^\s-])\s*(?=-{{3,}}\s*(?:{_ORIGINAL})\s*-{{3,}})", re.I)
RULED_TITLE = re.compile(r"^\s*[-_=—─*]{4,}\s*[^\s-].{0,40}?\s*[-_=—─*]{4,}\s*$")
RULE = re.compile(r"^\s*[-_=—─*~]{5,}\s*$")

_VERBS_LATIN = (
    r"wrote|writes|write|sent|says|said|schrieb(?:en)?(?: sie)?|geschrieben|hat geschrieben"
    r"|a\s+écrit|nous\s+a\s+dit|écrivait|a\s+ecrit|escribió|escribio|ha\s+escrito|escreveu|escreve"
    r"|ha\s+scritto|scrive|scriveva|schreef|geschreven|schrijft|het\s+volgende\s+geschreven|skrev|skrifaði"
    r"|napisał(?:\(a\)|a)?|nadesłał|pisze|pisał\(?a?\)?|kirjoitti|írta|ezt\s+írta|napsal(?:\(a\)|a)?"
    r"|napísala?|napisao(?:/la)?|je\s+napisala?|yazdı|yazmış|şunu\s+yazdı|đã\s+viết|menulis|tulis"
    r"|a\s+scris|va\s+escriure|rašė|parašė|rakstīja|kirjutas|έγραψε"
    r"|написала?|написал\(а\)|пишет|писал\(?а?\)?|пише|написав|пише"
)
_VERBS_EASTERN = (
    r"写道|寫道|写到|寫到|来信说|來信說|写了|寫了|写信说|說道|说道|发送的?邮件|回复道|のメール|さんは書きました"
    r"|は書きました|が書きました|님이\s*작성(?:하였습니다|했습니다|함)?|님이\s*쓴\s*글|작성:|เขียนว่า|כתב|كتب"
)
WROTE = rf"(?:\b(?:{_VERBS_LATIN})(?!\w)|(?:{_VERBS_EASTERN}))"
_DAYS_AND_MONTHS = (
    r"mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
    r"|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag"
)
ON_WORDS = (
    r"on|at|am|le|el|il|op|den|på|em|no dia|dnia|dňa|dne|w dniu|vào|ngày|pada|il giorno|il|a|de|in|ons"
    r"|tarihinde|în|στις|kl|og|la|datum|the"
)
STARTS_WITH_ON = re.compile(rf"^\W*(?:{ON_WORDS})\b", re.I)
STARTS_WITH_DATE = re.compile(
    rf"^\W*(?:\d{{1,4}}\s?[-/.年년]\s?\d|(?:{_DAYS_AND_MONTHS})[a-z]*\b|\d{{1,2}}\.?\s\w{{2,12}}\.?,?\s(?:\d|de\s))"
    r"|^\W*\w{2,12}\.?,\s?\d{1,2}\.?\s\w{3,12}\.?,?\s(?:\d{4}|kl)|^\W*[а-яіїє]{2,12},\s?\d{1,2}",
    re.I,
)
HAS_DATE = re.compile(
    rf"\d{{1,2}}[:.h]\d{{2}}|\b(?:19|20)\d\d\b|(?:19|20)\d\d\s?[年년]|\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{2,4}}"
    rf"|\d{{1,2}}\s?月\s?\d{{1,2}}|\b(?:{_DAYS_AND_MONTHS})[a-z]*\.?\s\d{{1,2}}\b|周[一二三四五六日]|星期",
    re.I,
)
HAS_ADDRESS = re.compile(r"[\w.+=%'&/-]+@[\w-]+(?:\.[\w-]+)*")
ENDS_WITH_WROTE = re.compile(rf"{WROTE}[\s:：.>*_“\"\u2014-]*$", re.I)
WROTE_THEN_NAME = re.compile(rf"{WROTE}\s.{{1,150}}[:：][\s*>-]*$", re.I)
DATE_THEN_ADDRESS = re.compile(r"(?:<[^<>\s]*@[^<>]*>|\([^()\s]*@[^()]*\))\s*[:：]?[\s*]*$")
RULED_WROTE = re.compile(rf"^\s*-{{2,}}.{{1,200}}{WROTE}[\s:]*-{{2,}}\s*$", re.I)
WROTE_ON_SAME_LINE = re.compile(
    rf"^(?P<reply>[^>\s].*?[^\s-])[\s-]*?[-\s](?P<intro>-*\s?On\s(?:(?:{_DAYS_AND_MONTHS})[a-z]*\b|\d)"
    rf".{{4,200}}?\b(?:wrote|sent)[:：]?)\s*$",
    re.I,
)

_DEVICES = (
    r"手机|iphone|ipad|安卓|android|outlook|邮箱|大师|windows|mac|设备|设备|平板|手機|裝置|电脑|mail|app|foxmail"
    r"|华为|小米|荣耀|三星|魅族|oppo|vivo|samsung|huawei|xiaomi|honor|钉钉|微信|邮件"
)
SENT_FROM = re.compile(
    r"^[\s*_(\[<|-]*(?:"
    r"sent (?:from|via|with|by|using) [^\s,;:!?][^,;:!?]{0,50}|(?:sent )?from my .{1,40}|\w+ from mobile|get outlook for .{1,30}"
    r"|get (?:the )?bluemail for .{1,20}|envoyé (?:de(?:puis)?|à partir|avec|via) .{1,60}|télécharger outlook.{0,40}"
    r"|von (?:meinem|meiner|unterwegs) .{1,60}(?:gesendet|geschickt)|gesendet (?:von|mit|über|vom|aus) .{1,60}"
    r"|diese nachricht wurde (?:von|mit) .{1,80}gesendet.?|outlook für .{1,20}(?:herunterladen|beziehen|holen)?"
    r"|enviado (?:desde|do|de|a partir|pelo|via|com|con) .{1,60}|obtener outlook para .{1,30}"
    r"|obter o outlook para .{1,30}|inviato (?:da|dal|con|tramite) .{1,60}|scarica outlook per .{1,30}"
    r"|verzonden (?:vanaf|met|via|vanuit|door) .{1,60}|verstuurd (?:vanaf|met|via) .{1,60}|outlook voor .{1,30}"
    r"|skickat från .{1,60}|från min .{1,30}|sendt fra .{1,60}|hent outlook .{1,30}|lähetetty .{1,60}"
    r"|wysłan[eyo] z .{1,60}|odesláno z .{1,60}|odoslané z .{1,60}|отправлено (?:с|из|через) .{1,60}|trimis de pe .{1,40}"
    r"|küldve .{1,40}|.{1,30}'?(?:den|dan|ten|tan) gönderildi|gửi từ .{1,40}|dikirim dari .{1,40}"
    rf"|(?:发自|发送自|發自|發送自|来自|來自|寄自|發送自)\s?(?:我的)?.{{0,24}}(?:{_DEVICES}).{{0,16}}"
    rf"|(?:发自|發自|来自|來自|寄自)\s?我的.{{1,24}}"
    rf"|(?:从|從|由|用|通过|使用|透過)\s?(?:我的)?.{{0,24}}(?:{_DEVICES}).{{0,12}}?(?:发送|傳送|发出|發送|寄出|发来|发信|撰写|定制)"
    rf"|(?:获取|取得|下载|下載)\s?(?:适用于|適用於)?.{{0,16}}outlook.{{0,20}}|签名由.{{1,24}}定制"
    r"|.{0,20}(?:iphone|ipad|android)\s?から送信.{0,10}|(?:나의|내)\s?.{1,20}에서\s?보냄|iphone에서 보냄"
    r")[\s.!。)\]>*_|-]*$",
    re.I,
)
