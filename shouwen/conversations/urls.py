"""Addresses of conversations."""

from collections.abc import Callable

from django.http import HttpResponseBase
from django.urls import URLPattern, path

from shouwen.conversations.views import (
    board,
    contacts,
    kinds,
    lines,
    log,
    moves,
    replies,
    search,
    setup,
    tasks,
    visitor,
    voices,
    widget,
    workspace,
    wrapups,
)
from shouwen.conversations.views.startofday import after_start_of_day

app_name = "conversations"


def desk(route: str, view: Callable[..., HttpResponseBase], *, name: str) -> URLPattern:
    """A page of the desk or a part of one: it comes after the look at system, phone and network."""
    return path(f"workspace/{route}", after_start_of_day(view), name=name)


urlpatterns = [
    path("widget/<str:site_key>.js", widget.script, name="widget_script"),
    path("widget/<str:site_key>/", widget.page, name="widget"),
    path("widget-demo/<str:site_key>", widget.demo, name="widget_demo"),
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
    desk("", workspace.workspace, name="workspace"),
    desk("rows", workspace.rows, name="rows"),
    desk("board/", board.board, name="board"),
    desk("responses/", replies.responses, name="responses"),
    desk("search/", search.search, name="search"),
    desk("voices/", voices.report, name="voices"),
    desk("voices/table", voices.export, name="voices_export"),
    desk("contacts/questions", log.questions, name="questions"),
    desk("contacts/new", contacts.contact_new, name="contact_new"),
    desk("harassment/", tasks.harassment, name="harassment"),
    desk("harassment/<int:mark_id>/lift", tasks.harassment_lift, name="harassment_lift"),
    desk(
        "call-backs/<int:call_back_id>/finish",
        tasks.call_back_finish,
        name="call_back_finish",
    ),
    desk("points/<int:point_id>/solve", tasks.point_solve, name="point_solve"),
    desk("<int:conversation_id>", workspace.conversation, name="conversation"),
    desk("<int:conversation_id>/head", workspace.head, name="head"),
    desk("<int:conversation_id>/side", workspace.side, name="side"),
    desk("<int:conversation_id>/claim", moves.claim, name="claim"),
    desk("<int:conversation_id>/transfer", moves.transfer, name="transfer"),
    desk("<int:conversation_id>/take-over", moves.take_over, name="take_over"),
    desk("<int:conversation_id>/join", moves.join, name="join"),
    desk("<int:conversation_id>/return", moves.give_back, name="return"),
    desk("<int:conversation_id>/close", moves.close, name="close"),
    desk("<int:conversation_id>/harassing", tasks.harassing, name="harassing"),
    desk("<int:conversation_id>/promise", tasks.promise, name="promise"),
    desk("<int:conversation_id>/summary", wrapups.wrap_up, name="wrap_up"),
    desk("<int:conversation_id>/log", log.panel, name="log"),
    desk("<int:conversation_id>/ask", log.ask, name="ask"),
    desk("<int:conversation_id>/mark", log.mark, name="mark"),
    desk("<int:conversation_id>/told", log.tell, name="tell"),
    desk("<int:conversation_id>/call", replies.phone_answer, name="phone_answer"),
    desk(
        "<int:conversation_id>/summary/draft",
        wrapups.wrap_up_draft,
        name="wrap_up_draft",
    ),
    path("settings/replies/", replies.reply_times, name="reply_times"),
    path("settings/replies/mail/<int:mailbox_id>/", replies.mail_desk, name="mail_desk"),
    path("settings/contact-kinds/", kinds.kind_list, name="kinds"),
    path("settings/contact-kinds/new", kinds.kind_edit, name="kind_new"),
    path("settings/contact-kinds/<int:kind_id>/", kinds.kind_edit, name="kind_edit"),
    path("settings/contact-kinds/shifts/new", kinds.span_edit, name="span_new"),
    path("settings/contact-kinds/shifts/<int:span_id>/", kinds.span_edit, name="span_edit"),
    path("settings/queues/", setup.queue_list, name="queues"),
    path("settings/queues/new", setup.queue_new, name="queue_new"),
    path("settings/queues/<int:queue_id>/", setup.queue_edit, name="queue_edit"),
    path("settings/widgets/", setup.widget_list, name="widgets"),
    path("settings/widgets/new", setup.widget_new, name="widget_new"),
    path("settings/widgets/<int:site_id>/", setup.widget_edit, name="widget_edit"),
]
