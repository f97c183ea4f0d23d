"""The chat's page, the script for other websites, the website to try it on."""

import json
import re

import pytest
from django.test import Client
from django.urls import reverse

from shouwen.conversations.tests.factories import WidgetSiteFactory

pytestmark = pytest.mark.django_db


def policy_of(response) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in response["Content-Security-Policy"].split(";"))
    return {name: values for name, _space, values in parts}


class TestPage:
    def test_only_the_sites_own_origins_may_frame_it(self, client: Client):
        site = WidgetSiteFactory(
            allowed_origins="https://www.estate.example\nhttps://*.shop.example/\nhttps://x; script-src *"
        )

        response = client.get(reverse("conversations:widget", args=[site.key]))

        ancestors = "'self' https://www.estate.example https://*.shop.example"
        assert policy_of(response)["frame-ancestors"] == ancestors
        assert policy_of(response)["script-src"] == "'self'"
        assert "X-Frame-Options" not in response

    def test_sets_no_cookie_so_that_nothing_is_third_party(self, client: Client):
        response = client.get(reverse("conversations:widget", args=[WidgetSiteFactory().key]))

        assert not response.cookies

    def test_has_no_inline_script_or_style(self, client: Client):
        site = WidgetSiteFactory(greeting="<script>alert(1)</script>")

        html = client.get(reverse("conversations:widget", args=[site.key])).content.decode()

        assert not re.search(r"<style|\sstyle=|\son[a-z]+=", html)
        assert re.findall(r"<script(?![^>]*(src=|type=\"application/json\"))", html) == []
        assert "<script>alert" not in html

    def test_gives_the_script_every_text_and_address(self, client: Client):
        site = WidgetSiteFactory(title="锦绣物业客服")

        html = client.get(reverse("conversations:widget", args=[site.key])).content.decode()

        block = re.search(r'<script id="config"[^>]*>(.*?)</script>', html, re.DOTALL)
        config = json.loads(block.group(1))
        assert config["name"] == "锦绣物业客服"
        assert config["urls"]["lines"] == reverse("conversations:visitor_lines", args=[site.key])
        assert all(config["texts"].values())

    @pytest.mark.parametrize("name", ["widget", "widget_script", "widget_demo"])
    def test_a_widget_switched_off_is_not_there(self, client: Client, name: str):
        site = WidgetSiteFactory(is_active=False)

        assert client.get(reverse(f"conversations:{name}", args=[site.key])).status_code == 404


class TestScript:
    def test_names_the_site_and_may_be_loaded_from_elsewhere(self, client: Client, monkeypatch):
        monkeypatch.setattr("shouwen.conversations.views.widget._loader", lambda: "start();")
        site = WidgetSiteFactory(title='"</script>客服')

        response = client.get(reverse("conversations:widget_script", args=[site.key]))

        words = response.content.decode()
        about = json.loads(re.search(r"const shouwenSite=(\{.*\});start\(\);", words).group(1))
        assert about["key"] == site.key
        assert about["texts"]["title"] == '"</script>客服'
        assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert response["Content-Type"].startswith("text/javascript")
        assert not response.cookies


class TestDemo:
    def test_carries_the_one_script_tag(self, client: Client):
        site = WidgetSiteFactory()

        html = client.get(reverse("conversations:widget_demo", args=[site.key])).content.decode()

        assert f'<script src="/widget/{site.key}.js" async></script>' in html
