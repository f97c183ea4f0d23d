"""Addresses of cases."""

from django.urls import path

from shouwen.cases.views import (
    acts,
    figures,
    ledger,
    pages,
    papers,
    remedies,
    reports,
    standard,
)

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
    path("cases/figures/", figures.board, name="figures"),
    path("cases/figures/rows/<slug:figure>/", figures.rows, name="figure_rows"),
    path("cases/figures/sheet/", figures.sheet, name="figures_sheet"),
    path("cases/figures/clocks/", figures.clocks, name="figures_clocks"),
    path("cases/figures/lines/", figures.lines, name="figures_lines"),
    path("cases/figures/years/", figures.years, name="figures_years"),
    path("cases/figures/entered/", figures.entered, name="figures_entered"),
    path(
        "cases/figures/entered/<int:entered_id>/forget/",
        figures.entered_forget,
        name="figures_entered_forget",
    ),
    path("cases/reports/", reports.report_list, name="reports"),
    path("cases/reports/calendar/<int:report_rule_id>/", reports.rule, name="report_rule"),
    path("cases/reports/<int:report_id>/", reports.report, name="report"),
    path("cases/reports/<int:report_id>/count/", reports.count, name="report_count"),
    path("cases/reports/<int:report_id>/file/", reports.file, name="report_file"),
    path("cases/remedies/", remedies.remedy_list, name="remedies"),
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
