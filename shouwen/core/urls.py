"""Addresses of core: stored files."""

from django.urls import path

from shouwen.core import views

app_name = "core"
urlpatterns = [
    path("files/<str:token>/<str:name>", views.file, name="file"),
    path("healthz", views.healthz, name="healthz"),
]
