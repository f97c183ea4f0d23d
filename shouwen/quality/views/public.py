"""What everybody outside may read and evaluate: published rules and standards."""

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from shouwen.accounts.decorators import open_to_all
from shouwen.accounts.queries import company, system_staff
from shouwen.accounts.throttle import address_key
from shouwen.core.http import client_address
from shouwen.core.pace import is_within_pace
from shouwen.quality.forms import EvaluationForm
from shouwen.quality.operations.standards import Opinion, evaluate_rule
from shouwen.quality.queries.rules import public_documents, version_in_force
from shouwen.quality.queries.standards import public_standards
from shouwen.quality.writing import article_number, chapter_heading

AN_HOUR = 5
WINDOW = timedelta(hours=1)


@open_to_all("what the company shows to its customers: published rules and standards")
def public_list(request: HttpRequest) -> HttpResponse:
    """The rules and the standards that owners may read (D650)."""
    context = {
        "documents": public_documents(on=timezone.localdate()),
        "standards": public_standards(),
        "company": company(),
    }
    return render(request, "quality/public/list.html", context)


@open_to_all("what the company shows to its customers; evaluating is anonymous and rate-limited")
def public_rule(request: HttpRequest, rule_code: str) -> HttpResponse:
    """One document, and what the reader thinks of how it is kept (D651)."""
    at, today = timezone.now(), timezone.localdate()
    document = get_object_or_404(public_documents(on=today), code=rule_code)
    version = version_in_force(document, on=today)
    if version is None:
        raise Http404
    form = EvaluationForm(
        request.POST if request.method == "POST" else None, standards=public_standards()
    )
    status, is_done = 200, False
    if request.method == "POST" and form.is_valid():
        who = address_key(client_address(request))
        if not is_within_pace("rule.evaluate", who, limit=AN_HOUR, window=WINDOW, at=at):
            form.add_error(None, _("Thank you, that is enough for now. Please come back later."))
            status = 429
        else:
            is_done = True
            if not form.is_by_robot:
                given = form.cleaned_data
                opinion = Opinion(score=int(given["score"]), words=given["words"], marks=form.marks)
                evaluate_rule(document.pk, opinion, at=at, by=system_staff())
    elif form.errors:
        status = 422
    chapters = [
        (
            chapter_heading(place, one.title),
            [(article_number(article), article.text) for article in one.articles],
        )
        for place, one in enumerate(version.text.chapters, start=1)
    ]
    context = {"document": document, "version": version, "chapters": chapters, "form": form}
    context |= {"is_done": is_done, "company": company()}
    return render(request, "quality/public/rule.html", context, status=status)
