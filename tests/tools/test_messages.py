"""The catalog: which texts are found, kept, merged and refused."""

import pytest
from babel.messages.catalog import Catalog

from tools import messages

TEMPLATE = """\
<c-page title="{% translate "Case" %}" sub='{% trans "Open" context "menu" %}'>
    {{ _("In a variable") }} {{ name|default:_("Nobody") }}
  {% blocktranslate with a=b trimmed %}
     Hello {{ a }},
     it's 100%
  {% endblocktranslate %}
  {% blocktranslate count n=1 %}one {{ n }}{% plural %}{{ n }} many{% endblocktranslate %}
  {% comment %}{% translate "Never" %}{% endcomment %}{# {% translate "Nor this" %} #}
"""
PYTHON = """\
title = _("Case")
count = ngettext("%d case", "%d cases", 2)
state = pgettext_lazy("door", "Open")
"""


@pytest.fixture
def catalog_file(tmp_path, monkeypatch):
    monkeypatch.setattr(messages, "PO", tmp_path / "zh_Hans" / "django.po")
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    source = tmp_path / "shouwen" / "part" / "views.py"
    source.parent.mkdir(parents=True)
    source.write_text(PYTHON, encoding="utf-8")
    return messages.PO


def written(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_finds_every_text_of_a_template(tmp_path):
    found = list(messages.texts_of(written(tmp_path, "page.html", TEMPLATE)))

    assert found == [
        ("Case", None),
        ("Open", "menu"),
        ("In a variable", None),
        ("Nobody", None),
        ("Hello %(a)s, it's 100%%", None),
        (("one %(n)s", "%(n)s many"), None),
    ]


def test_finds_plural_and_context_in_python(tmp_path):
    found = list(messages.texts_of(written(tmp_path, "views.py", PYTHON)))

    assert found == [("Case", None), (("%d case", "%d cases"), None), ("Open", "door")]


def test_keeps_what_is_translated_and_drops_what_nobody_says(tmp_path, catalog_file):
    merged = "Case\t工单\n%d case\t%d 个工单\nOpen\t打开\tdoor\nNobody says this\t没有\n"
    messages.extract_messages([written(tmp_path, "a.tsv", merged)])
    first = catalog_file.read_text(encoding="utf-8")

    messages.extract_messages([])

    assert catalog_file.read_text(encoding="utf-8") == first
    assert 'msgid "Case"\nmsgstr "工单"' in first
    assert 'msgctxt "door"\nmsgid "Open"\nmsgstr "打开"' in first
    assert 'msgstr[0] "%d 个工单"' in first
    assert "Nobody" not in first
    assert messages.check_messages() == 0


def test_refuses_a_catalog_that_is_not_up_to_date(catalog_file, capsys):
    assert messages.check_messages() == 1

    messages.extract_messages([])
    capsys.readouterr()

    assert messages.check_messages() == 1
    assert "no Chinese for: 'Case'" in capsys.readouterr().out


def test_refuses_placeholders_that_do_not_fit():
    catalog = Catalog(locale="zh_Hans")
    catalog.add("%(count)d lines", string="%(number)d 行")
    catalog.add("Case", string="工单", flags=["fuzzy"])

    faults = "\n".join(messages.faults_of(catalog))

    assert "'%(count)d lines'" in faults
    assert "fuzzy: 'Case'" in faults
