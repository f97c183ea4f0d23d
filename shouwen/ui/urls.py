"""Addresses of the gallery."""

from django.urls import path

from shouwen.ui import views

app_name = "ui"
urlpatterns = [
    path("", views.gallery, name="gallery"),
    path("public/", views.public_gallery, name="public_gallery"),
]
