"""Addresses of knowledge."""

from django.urls import path

from shouwen.knowledge.views import answers, guard, phrases

app_name = "knowledge"
urlpatterns = [
    path("phrases", phrases.phrase_list, name="phrases"),
    path("phrases/new", phrases.phrase_new, name="phrase_new"),
    path("phrases/import", phrases.phrase_import, name="phrase_import"),
    path("phrases/find", phrases.phrase_find, name="phrase_find"),
    path("phrases/<int:phrase_id>", phrases.phrase_edit, name="phrase_edit"),
    path("phrases/<int:phrase_id>/delete", phrases.phrase_delete, name="phrase_delete"),
    path("phrases/<int:phrase_id>/share", phrases.phrase_share, name="phrase_share"),
    path("phrases/<int:phrase_id>/used", phrases.phrase_used, name="phrase_used"),
    path("guard", guard.guard, name="guard"),
    path("guard/check", guard.check, name="guard_check"),
    path("guard/new", guard.taboo_new, name="taboo_new"),
    path("guard/<int:taboo_id>", guard.taboo_edit, name="taboo_edit"),
    path("guard/<int:taboo_id>/delete", guard.taboo_delete, name="taboo_delete"),
    path("answers", answers.answers, name="answers"),
    path("answers/offered", answers.answers_offered, name="answers_offered"),
    path("answers/new", answers.answer_new, name="answer_new"),
    path("answers/<int:answer_id>", answers.answer_edit, name="answer_edit"),
    path("answers/<int:answer_id>/propose", answers.answer_propose, name="answer_propose"),
    path("answers/<int:answer_id>/approve", answers.answer_approve, name="answer_approve"),
    path("answers/<int:answer_id>/withdraw", answers.answer_withdraw, name="answer_withdraw"),
    path("courtesy", phrases.courtesy, name="courtesy"),
]
