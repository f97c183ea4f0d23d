"""Addresses of cases."""

from django.urls import path

from shouwen.cases.views import acts, ledger, pages, papers, standard

app_name = "cases"
urlpatterns = [
    path("cases/", pages.case_list, name="list"),
    path("cases/new/", pages.case_new, name="new"),
    path("cases/ledger/", ledger.ledger, name="ledger"),
    path("cases/ledger/book/", ledger.ledger_book, name="ledger_book"),
    path("cases/archive/", ledger.archive, name="archive"),
    path("cases/standard/", standard.quarter_standard, name="quarter_standard"),
    path("cases/standard/proof/", standard.proof, name="proof"),
    path("cases/blank/<slug:case_kind_code>/", papers.blank, name="blank"),
    path("cases/<int:case_id>/", pages.case_detail, name="detail"),
    path("cases/<int:case_id>/edit/", pages.case_edit, name="edit"),
    path("cases/<int:case_id>/print/", papers.case_print, name="print"),
    path("cases/<int:case_id>/volumes/<int:volume_id>/", papers.volume, name="volume"),
    path("cases/<int:case_id>/letter/", papers.letter, name="letter"),
    path("cases/<int:case_id>/letters/<int:letter_id>/", papers.letter_print, name="letter_print"),
    path("cases/<int:case_id>/standard/", standard.case_standard, name="standard"),
    path("cases/<int:case_id>/papers/", acts.paper_add, name="paper"),
    path("cases/<int:case_id>/do/<slug:verb>/", acts.case_act, name="act"),
    path("cases/<int:case_id>/steps/<slug:step_code>/", acts.step, name="step"),
    path(
        "cases/<int:case_id>/tasks/<int:task_id>/progress/",
        acts.task_progress,
        name="task_progress",
    ),
    path("cases/<int:case_id>/tasks/<int:task_id>/<slug:task_verb>/", acts.task_act, name="task"),
    path("cases/<int:case_id>/approvals/<int:approval_id>/", acts.approval_decide, name="approval"),
    path("cases/<int:case_id>/remedies/<int:remedy_id>/", acts.remedy_settle, name="remedy"),
    path("cases/<int:case_id>/answers/<int:case_answer_id>/", acts.answer_reply, name="answer"),
    path(
        "cases/<int:case_id>/promises/<int:promise_id>/<slug:promise_verb>/",
        acts.promise_act,
        name="promise",
    ),
    path(
        "cases/<int:case_id>/escalations/<int:escalation_id>/",
        acts.escalation_advise,
        name="escalation",
    ),
]
