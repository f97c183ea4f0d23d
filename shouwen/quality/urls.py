"""Addresses of rule documents, standards and principles."""

from django.urls import path

from shouwen.quality.views import public, rules, standards

app_name = "quality"
urlpatterns = [
    path("quality/rules/", rules.rule_list, name="rules"),
    path("quality/rules/new/", rules.rule_new, name="rule_new"),
    path("quality/rules/departments/", rules.shelf_list, name="shelves"),
    path("quality/rules/<int:document_id>/", rules.rule, name="rule"),
    path("quality/rules/<int:document_id>/edit/", rules.rule_edit, name="rule_edit"),
    path("quality/rules/<int:document_id>/publish/", rules.rule_publish, name="rule_publish"),
    path("quality/rules/<int:document_id>/read/", rules.rule_read, name="rule_read"),
    path("quality/rules/<int:document_id>/remind/", rules.rule_remind, name="rule_remind"),
    path("quality/rules/<int:document_id>/reviewed/", rules.rule_reviewed, name="rule_reviewed"),
    path("quality/standards/", standards.standard_list, name="standards"),
    path("quality/standards/new/", standards.standard_new, name="standard_new"),
    path("quality/standards/<int:standard_id>/", standards.standard, name="standard"),
    path(
        "quality/standards/<int:standard_id>/edit/", standards.standard_edit, name="standard_edit"
    ),
    path("quality/principles/", standards.principle_list, name="principles"),
    path("rules/", public.public_list, name="public_rules"),
    path("rules/<slug:rule_code>/", public.public_rule, name="public_rule"),
]
