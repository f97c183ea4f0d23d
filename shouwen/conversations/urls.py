"""Addresses of conversations."""

from django.urls import path

from shouwen.conversations.views import lines, visitor

app_name = "conversations"
urlpatterns = [
    path("widget/<str:site_key>/session", visitor.session, name="visitor_session"),
    path("widget/<str:site_key>/lines", visitor.lines, name="visitor_lines"),
    path("widget/<str:site_key>/files", visitor.upload, name="visitor_files"),
    path("widget/<str:site_key>/read", visitor.read, name="visitor_read"),
    path("widget/<str:site_key>/typing", visitor.typing, name="visitor_typing"),
    path("widget/<str:site_key>/contact", visitor.contact, name="visitor_contact"),
    path("widget/<str:site_key>/leave", visitor.leave, name="visitor_leave"),
    path("workspace/conversations/<int:conversation_id>/lines", lines.lines, name="lines"),
    path("workspace/lines/<int:line_id>/recall", lines.recall, name="recall"),
    path("workspace/files", lines.upload, name="upload"),
]
