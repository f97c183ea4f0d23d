"""Addresses of the API."""

from django.urls import URLPattern

app_name = "api_pages"
urlpatterns: list[URLPattern] = []
