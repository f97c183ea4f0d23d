"""Keys, and the description of the API as a page."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from shouwen.accounts.decorators import StaffRequest, any_staff, open_to_all, permission_required
from shouwen.api.forms import KeyForm
from shouwen.api.operations import NewKey, make_api_key, revoke_api_key
from shouwen.api.permissions import ApiPermission
from shouwen.api.queries import keys
from shouwen.api.reference import areas
from shouwen.core.errors import Refused


@never_cache
@permission_required(ApiPermission.MANAGE_KEYS)
def key_list(request: StaffRequest) -> HttpResponse:
    """All keys and the form for a new one; a key just made is shown once."""
    form = KeyForm(request.POST or None)
    made: NewKey | None = None
    if request.method == "POST" and form.is_valid():
        try:
            made = _made(request, form)
            form = KeyForm()
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {"keys": keys(), "form": form, "made": made, "now": timezone.now()}
    return render(request, "api/keys.html", context, status=422 if form.errors else 200)


def _made(request: StaffRequest, form: KeyForm) -> NewKey:
    at = timezone.now()
    return make_api_key(
        form.cleaned_data["name"],
        staff=form.cleaned_data["staff"],
        scopes=form.cleaned_data["scopes"],
        expires_at=form.expires_at(at),
        at=at,
        by=request.user,
    )


@require_POST
@permission_required(ApiPermission.MANAGE_KEYS)
def key_revoke(request: StaffRequest, key_id: int) -> HttpResponse:
    """The key opens nothing any more."""
    revoke_api_key(key_id, at=timezone.now(), by=request.user)
    return redirect("api_pages:keys")


@require_safe
@any_staff("describes the API, shows nobody's data")
def docs(request: StaffRequest) -> HttpResponse:
    """Every operation of the API with its fields."""
    context = {"areas": areas(), "openapi_url": reverse("api:openapi-json")}
    return render(request, "api/docs.html", context)


@csrf_exempt  # it changes nothing; programs carry no token
@open_to_all("an address of the API that does not exist; tells nothing")
def nowhere(request: HttpRequest) -> JsonResponse:
    """JSON instead of a page for whatever the API does not know."""
    del request
    return JsonResponse({"error": "not found"}, status=404)
