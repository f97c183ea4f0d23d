"""All addresses."""

from django.urls import include, path

from shouwen.api.site import api

handler500 = "shouwen.web.views.errors.server_error"
urlpatterns = [
    path("", include("shouwen.core.urls")),
    path("ui/", include("shouwen.ui.urls")),
    path("", include("shouwen.accounts.urls")),
    path("mailroom/", include("shouwen.mailroom.urls")),
    path("customers/", include("shouwen.customers.urls")),
    path("knowledge/", include("shouwen.knowledge.urls")),
    path("settings/service-hours/", include("shouwen.deadlines.urls")),
    path("settings/case-kinds/", include("shouwen.packs.urls")),
    path("exports/", include("shouwen.exports.urls")),
    path("", include("shouwen.notices.urls")),
    path("", include("shouwen.conversations.urls")),
    path("", include("shouwen.cases.urls")),
    path("", include("shouwen.quality.urls")),
    path("api/v1/", api.urls),
    path("", include("shouwen.api.urls")),
    path("", include("shouwen.keeping.urls")),
    path("", include("shouwen.web.urls")),
]
