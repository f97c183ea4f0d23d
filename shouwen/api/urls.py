"""Addresses of the API and of its pages."""

from django.urls import path, re_path

from shouwen.api import views

app_name = "api_pages"
urlpatterns = [
    path("api/v1/docs", views.docs, name="docs"),
    re_path(r"^api/", views.nowhere, name="nowhere"),
    path("settings/api-keys/", views.key_list, name="keys"),
    path("settings/api-keys/<int:key_id>/revoke/", views.key_revoke, name="key_revoke"),
]
