"""Addresses of core: stored files, and the two answers for proxies and watchdogs."""

from django.urls import path

from shouwen.core import views

app_name = "core"
urlpatterns = [
    path("files/<str:token>/<str:name>", views.file, name="file"),
    path("healthz", views.healthz, name="healthz"),
    path("livez", views.livez, name="livez"),
]
