"""Addresses of knowledge."""

from django.urls import path

from shouwen.knowledge import views

app_name = "knowledge"
urlpatterns = [
    path("phrases", views.phrase_list, name="phrases"),
    path("phrases/new", views.phrase_new, name="phrase_new"),
    path("phrases/import", views.phrase_import, name="phrase_import"),
    path("phrases/find", views.phrase_find, name="phrase_find"),
    path("phrases/<int:phrase_id>", views.phrase_edit, name="phrase_edit"),
    path("phrases/<int:phrase_id>/delete", views.phrase_delete, name="phrase_delete"),
    path("phrases/<int:phrase_id>/share", views.phrase_share, name="phrase_share"),
    path("phrases/<int:phrase_id>/used", views.phrase_used, name="phrase_used"),
    path("courtesy", views.courtesy, name="courtesy"),
]
