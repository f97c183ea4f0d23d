"""Addresses of this part."""

from django.urls import path

from shouwen.keeping import views

app_name = "keeping"
urlpatterns = [
    path("health/", views.health, name="health"),
    path("metrics", views.metrics, name="metrics"),
]
