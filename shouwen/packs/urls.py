"""Addresses of kinds and packs."""

from django.urls import path

from shouwen.packs.views import editing, kinds

app_name = "packs"
urlpatterns = [
    path("", kinds.kind_list, name="kinds"),
    path("new/", editing.kind_new, name="kind_new"),
    path("packs/<slug:pack_code>/install/", kinds.pack_install, name="pack_install"),
    path("packs/<slug:pack_code>/file/", kinds.pack_file, name="pack_file"),
    path("of/<slug:kind_code>/", kinds.kind_page, name="kind"),
    path("of/<slug:kind_code>/file/", kinds.kind_file, name="kind_file"),
    path("of/<slug:kind_code>/basics/", editing.kind_basics, name="kind_basics"),
    path("of/<slug:kind_code>/text/", editing.kind_as_text, name="kind_text"),
    path("of/<slug:kind_code>/rows/<slug:section>/", editing.kind_rows, name="kind_rows"),
    path("of/<slug:kind_code>/do/<slug:kind_verb>/", kinds.kind_act, name="kind_act"),
    path(
        "of/<slug:kind_code>/versions/<int:version_number>/",
        kinds.version_page,
        name="kind_version",
    ),
    path(
        "of/<slug:kind_code>/versions/<int:version_number>/restore/",
        kinds.version_restore,
        name="version_restore",
    ),
]
