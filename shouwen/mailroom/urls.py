"""Addresses of mailroom."""

from django.urls import path

from shouwen.mailroom.views import inbound, ledger, mailboxes, outbound, rules

app_name = "mailroom"
urlpatterns = [
    path("", ledger.ledger, name="ledger"),
    path("inbound/", inbound.inbound_list, name="inbound"),
    path("inbound/<int:inbound_id>/", inbound.inbound_item, name="inbound_item"),
    path("inbound/<int:inbound_id>/retry/", inbound.inbound_retry, name="inbound_retry"),
    path("inbound/<int:inbound_id>/drop/", inbound.inbound_drop, name="inbound_drop"),
    path("inbound/<int:inbound_id>/raw/", inbound.inbound_raw, name="inbound_raw"),
    path("outbound/", outbound.outbound_list, name="outbound"),
    path("outbound/<int:outbound_id>/", outbound.outbound_item, name="outbound_item"),
    path("outbound/<int:outbound_id>/resend/", outbound.outbound_resend, name="outbound_resend"),
    path("outbound/<int:outbound_id>/cancel/", outbound.outbound_cancel, name="outbound_cancel"),
    path("mailboxes/", mailboxes.mailbox_list, name="mailboxes"),
    path("mailboxes/new/", mailboxes.mailbox_new, name="mailbox_new"),
    path("mailboxes/<int:mailbox_id>/", mailboxes.mailbox_item, name="mailbox"),
    path("mailboxes/<int:mailbox_id>/edit/", mailboxes.mailbox_edit, name="mailbox_edit"),
    path("mailboxes/<int:mailbox_id>/check/", mailboxes.mailbox_check, name="mailbox_check"),
    path("rules/", rules.rule_list, name="rules"),
    path("rules/block/", rules.rule_block, name="rule_block"),
    path("rules/<int:rule_id>/switch/", rules.rule_switch, name="rule_switch"),
]
