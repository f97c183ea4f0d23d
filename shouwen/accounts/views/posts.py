"""Pages about job descriptions and what reaches a post."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouwen.accounts.decorators import StaffRequest, any_staff, permission_required
from shouwen.accounts.forms.posts import (
    AnswerForm,
    MessageForm,
    PostForm,
    ReviewForm,
    SkillFormSet,
)
from shouwen.accounts.models import PostProfile
from shouwen.accounts.operations.posts import (
    answer_post_message,
    change_post,
    publish_post,
    review_post,
    send_post_for_review,
    send_to_post,
    write_post,
)
from shouwen.accounts.permissions import AccountsPermission
from shouwen.accounts.queries import omitted_parts, post_inbox, stiff_words_in, visible_posts
from shouwen.accounts.queries.posts import may_answer
from shouwen.core.errors import Refused

INBOX_SHOWN = 50


@require_safe
@any_staff("published ones are for everybody; the query hides drafts")
def post_list(request: StaffRequest) -> HttpResponse:
    """All job descriptions one may read."""
    context = {
        "posts": visible_posts(request.user),
        "may_write": request.user.may(AccountsPermission.WRITE_POSTS),
    }
    return render(request, "accounts/post_list.html", context)


@require_safe
@any_staff("published ones are for everybody; the query hides drafts")
def post_detail(request: StaffRequest, post_id: int) -> HttpResponse:
    """A job description, its review and its inbox; fits on paper."""
    post = get_object_or_404(visible_posts(request.user), pk=post_id)
    return _detail(request, post, ReviewForm(), MessageForm())


def _detail(
    request: StaffRequest, post: PostProfile, review: ReviewForm, message: MessageForm
) -> HttpResponse:
    is_writer = request.user.may(AccountsPermission.WRITE_POSTS)
    context: dict[str, Any] = {
        "post": post,
        "skills": post.skills.order_by("pk"),
        "reviews": post.reviews.select_related("by").order_by("-at", "-pk"),
        "omitted": omitted_parts(post) if is_writer else [],
        "stiff": stiff_words_in(post) if is_writer else [],
        "may_write": is_writer,
        "may_review": request.user.may(AccountsPermission.REVIEW_POSTS)
        and post.author_id != request.user.pk,
        "inbox": post_inbox(post, request.user)[:INBOX_SHOWN],
        "may_answer": may_answer(post, request.user),
        "review_form": review,
        "message_form": message,
        "answer_form": AnswerForm(auto_id="answer_%s"),
        "kinds": [PostProfile.Receives(one) for one in post.receives],
    }
    status = 422 if review.errors or message.errors else 200
    return render(request, "accounts/post_detail.html", context, status=status)


@require_http_methods(["GET", "POST"])
@permission_required(AccountsPermission.WRITE_POSTS)
def post_new(request: StaffRequest) -> HttpResponse:
    """Write a new job description."""
    return _edit(request, PostProfile())


@require_http_methods(["GET", "POST"])
@permission_required(AccountsPermission.WRITE_POSTS)
def post_edit(request: StaffRequest, post_id: int) -> HttpResponse:
    """Change a job description; it becomes a draft again."""
    return _edit(request, get_object_or_404(visible_posts(request.user), pk=post_id))


def _edit(request: StaffRequest, post: PostProfile) -> HttpResponse:
    form = PostForm(request.POST or None, instance=post)
    known = list(post.skills.order_by("pk").values("name", "level")) if post.pk else []
    skills = SkillFormSet(request.POST or None, initial=known, prefix="skills")
    if request.method == "POST" and form.is_valid() and skills.is_valid():
        rows = [(one["name"], one["level"]) for one in skills.cleaned_data if one.get("name")]
        try:
            if post.pk:
                post = change_post(post.pk, skills=rows, **form.cleaned_data, by=request.user)
            else:
                post = write_post(skills=rows, **form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("accounts:post_detail", post.pk)
    context = {"form": form, "skills": skills, "post": post}
    status = 422 if form.errors or (skills.is_bound and not skills.is_valid()) else 200
    return render(request, "accounts/post_edit.html", context, status=status)


@require_POST
@permission_required(AccountsPermission.WRITE_POSTS)
def post_send_for_review(request: StaffRequest, post_id: int) -> HttpResponse:
    """Ask a colleague of the trade to look."""
    post = get_object_or_404(visible_posts(request.user), pk=post_id)
    try:
        send_post_for_review(post.pk, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("accounts:post_detail", post.pk)


@require_POST
@permission_required(AccountsPermission.REVIEW_POSTS)
def post_review(request: StaffRequest, post_id: int) -> HttpResponse:
    """Approve or return, with a comment and one's experience in the trade."""
    post = get_object_or_404(visible_posts(request.user), pk=post_id)
    form = ReviewForm(request.POST)
    if form.is_valid():
        try:
            verdict = request.POST.get("verdict", "")
            review_post(
                post.pk, **form.cleaned_data, verdict=verdict, at=timezone.now(), by=request.user
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("accounts:post_detail", post.pk)
    return _detail(request, post, form, MessageForm())


@require_POST
@permission_required(AccountsPermission.REVIEW_POSTS)
def post_publish(request: StaffRequest, post_id: int) -> HttpResponse:
    """Everybody can read it."""
    post = get_object_or_404(visible_posts(request.user), pk=post_id)
    try:
        publish_post(post.pk, at=timezone.now(), by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Published."))
    return redirect("accounts:post_detail", post.pk)


@require_POST
@any_staff("service sends feedback and bugs; the post says what it takes")
def post_message(request: StaffRequest, post_id: int) -> HttpResponse:
    """Send feedback or a bug to the post (D320, D321, D325)."""
    post = get_object_or_404(visible_posts(request.user), pk=post_id)
    form = MessageForm(request.POST)
    if form.is_valid():
        kind = request.POST.get("kind", "")
        try:
            send_to_post(
                post.pk, kind=kind, **form.cleaned_data, at=timezone.now(), by=request.user
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Sent."))
            return redirect("accounts:post_detail", post.pk)
    return _detail(request, post, ReviewForm(), form)


@require_POST
@any_staff("the operation lets only who holds the post answer")
def post_message_answer(request: StaffRequest, post_id: int, message_id: int) -> HttpResponse:
    """Answer what reached the post."""
    post = get_object_or_404(visible_posts(request.user), pk=post_id)
    message = get_object_or_404(post_inbox(post, request.user), pk=message_id)
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            answer_post_message(message.pk, **form.cleaned_data, at=timezone.now(), by=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
    return redirect("accounts:post_detail", post.pk)
