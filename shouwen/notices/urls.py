"""Addresses of notices, of the start of the day and of faults."""

from django.urls import path

from shouwen.notices import views

app_name = "notices"
urlpatterns = [
    path("notices/", views.notice_list, name="list"),
    path("notices/bell/", views.bell, name="bell"),
    path("notices/read/", views.notices_read, name="read"),
    path("notices/<int:notice_id>/open/", views.notice_open, name="open"),
    path("notices/preferences/", views.preferences, name="preferences"),
    path("health/start-of-day/", views.start_of_day, name="start_of_day"),
    path("health/faults/", views.faults, name="faults"),
    path("health/faults/<int:fault_id>/take/", views.fault_take, name="fault_take"),
    path("health/faults/<int:fault_id>/resolve/", views.fault_resolve, name="fault_resolve"),
]
