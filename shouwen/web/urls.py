"""Addresses of the shell."""

from django.urls import path

from shouwen.web.views import home, setup

app_name = "web"
urlpatterns = [
    path("", home.start, name="start"),
    path("home/", home.home, name="home"),
    path("rail/", home.rail, name="rail"),
    path("settings/", home.settings_index, name="settings"),
    path("search/", home.search, name="search"),
    path("setup/", setup.setup, name="setup"),
    path("setup/<slug:name>/", setup.step, name="setup_step"),
    path("robots.txt", home.robots, name="robots"),
]
