"""Addresses of the gallery and the language switch."""

from django.urls import path

from shouwen.ui import views

app_name = "ui"
urlpatterns = [
    path("", views.gallery, name="gallery"),
    path("public/", views.public_gallery, name="public_gallery"),
    path("language/", views.choose_language, name="choose_language"),
]
