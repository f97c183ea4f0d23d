"""Addresses of the service hours."""

from django.urls import path

from shouwen.deadlines import views

app_name = "deadlines"
urlpatterns = [
    path("", views.calendar_list, name="calendars"),
    path("new/", views.calendar_new, name="calendar_new"),
    path("<int:calendar_id>/", views.calendar_edit, name="calendar"),
    path("<int:calendar_id>/default/", views.calendar_make_default, name="make_default"),
    path("<int:calendar_id>/days/", views.day_set, name="day_set"),
    path("<int:calendar_id>/days/<int:day_id>/remove/", views.day_remove, name="day_remove"),
    path("<int:calendar_id>/try/", views.promise_try, name="promise_try"),
]
