"""Writes about job descriptions: write, review, publish; and what service sends to a post."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shouwen.accounts.events import PostMessageAnswered, PostMessageSent, PostProfileMoved
from shouwen.accounts.models import PostMessage, PostProfile, PostReview, PostSkill, Staff
from shouwen.accounts.permissions import AccountsPermission, require
from shouwen.accounts.queries.posts import TEXTS, may_answer
from shouwen.core.bus import publish
from shouwen.core.errors import NotPermitted, Refused

FIELDS = (
    "name",
    "role",
    "department",
    "level",
    "reports_to",
    "place",
    "contact",
    "receives",
    "is_example",
    *TEXTS,
)
Status = PostProfile.Status


class PostCodeTaken(Refused):
    """There is a job description with this code."""


class PostNotReviewed(Refused):
    """It is published only after somebody who knows the trade agreed."""


class PostInWrongState(Refused):
    """That is not the next step from where it is."""


class PostReceivesNothing(Refused):
    """The post does not take what was to be sent."""


@transaction.atomic
def write_post(
    *, code: str, skills: Iterable[tuple[str, str]] = (), by: Staff, **fields: object
) -> PostProfile:
    """A draft with this code is there, holding `fields` (FIELDS) and skills (name, level).

    Refuses a taken code. Each skill says how well: basic, skilled or expert (D130).
    """
    require(by, AccountsPermission.WRITE_POSTS)
    if PostProfile.objects.filter(code=code).exists():
        raise PostCodeTaken(_("There is a job description with the code %s already.") % code)
    post = PostProfile(code=code, author=by)
    _set(post, fields)
    post.save()
    _set_skills(post, skills)
    _moved(post, "written", by)
    return post


@transaction.atomic
def change_post(
    post_id: int, *, skills: Iterable[tuple[str, str]] | None = None, by: Staff, **fields: object
) -> PostProfile:
    """The job description holds the given fields and is a draft again: it needs a new review."""
    require(by, AccountsPermission.WRITE_POSTS)
    post = PostProfile.objects.select_for_update().get(pk=post_id)
    _set(post, fields)
    post.status, post.author, post.published_at = Status.DRAFT, by, None
    post.save()
    if skills is not None:
        _set_skills(post, skills)
    _moved(post, "changed", by)
    return post


@transaction.atomic
def send_post_for_review(post_id: int, *, by: Staff) -> PostProfile:
    """It waits for somebody who knows the trade. Refuses all but drafts."""
    require(by, AccountsPermission.WRITE_POSTS)
    post = _step(post_id, Status.DRAFT, Status.IN_REVIEW)
    _moved(post, "sent_for_review", by)
    return post


@transaction.atomic
def review_post(
    post_id: int, *, experience: str, comment: str, verdict: str, at: datetime, by: Staff
) -> PostReview:
    """A colleague who says how they know the trade has commented; `verdict` approve or return (D131).

    Approved it stays in review until published; returned it is a draft again. Refuses the author.
    """
    require(by, AccountsPermission.REVIEW_POSTS)
    post = _step(post_id, Status.IN_REVIEW, Status.IN_REVIEW)
    if post.author_id == by.pk:
        raise NotPermitted(_("Somebody other than the author must review it."))
    if not experience.strip() or not comment.strip():
        raise Refused(_("Please write your experience in this trade and a comment."))
    review = PostReview.objects.create(
        profile=post,
        by=by,
        at=at,
        experience=experience.strip(),
        comment=comment.strip(),
        is_approval=verdict == "approve",
    )
    if not review.is_approval:
        post.status = Status.DRAFT
        post.save(update_fields=["status", "updated_at"])
    _moved(post, "approved" if review.is_approval else "returned", by)
    return review


@transaction.atomic
def publish_post(post_id: int, *, at: datetime, by: Staff) -> PostProfile:
    """Everybody can read it. Refuses one whose last review did not approve it (D131)."""
    require(by, AccountsPermission.REVIEW_POSTS)
    post = _step(post_id, Status.IN_REVIEW, Status.PUBLISHED)
    last = post.reviews.order_by("-at", "-pk").first()
    if last is None or not last.is_approval:
        raise PostNotReviewed(_("A colleague who knows the trade must approve it first."))
    post.published_at = at
    post.save(update_fields=["published_at", "updated_at"])
    _moved(post, "published", by)
    return post


@transaction.atomic
def send_to_post(post_id: int, *, kind: str, text: str, at: datetime, by: Staff) -> PostMessage:
    """Feedback (D320, D321) or a bug (D325) lies in the post's inbox. Refuses what it does not take."""
    post = PostProfile.objects.get(pk=post_id)
    if kind not in post.receives:
        raise PostReceivesNothing(_("%s does not receive this.") % post.name)
    if not text.strip():
        raise Refused(_("Please write what you want to say."))
    message = PostMessage.objects.create(profile=post, kind=kind, text=text.strip(), by=by, at=at)
    publish(PostMessageSent(post_id=post.pk, message_id=message.pk, kind=kind, by_id=by.pk))
    return message


@transaction.atomic
def answer_post_message(message_id: int, *, answer: str, at: datetime, by: Staff) -> PostMessage:
    """The sender has an answer. Only who holds the post, or reviews posts, may answer."""
    message = (
        PostMessage.objects.select_for_update(of=("self",))
        .select_related("profile")
        .get(pk=message_id)
    )
    if not may_answer(message.profile, by):
        raise NotPermitted
    if not answer.strip():
        raise Refused(_("Please write what you want to say."))
    message.answer, message.answered_by, message.answered_at = answer.strip(), by, at
    message.save()
    publish(PostMessageAnswered(post_id=message.profile_id, message_id=message.pk, by_id=by.pk))
    return message


def _step(post_id: int, before: str, after: str) -> PostProfile:
    post = PostProfile.objects.select_for_update().get(pk=post_id)
    if post.status != before:
        raise PostInWrongState(
            _("This is not possible while it is: %s.") % post.get_status_display()
        )
    post.status = after
    post.save(update_fields=["status", "updated_at"])
    return post


def _set(post: PostProfile, fields: dict[str, object]) -> None:
    for name in FIELDS:
        if name in fields:
            setattr(post, name, fields[name])


def _set_skills(post: PostProfile, skills: Iterable[tuple[str, str]]) -> None:
    post.skills.all().delete()
    wanted = {name.strip(): level for name, level in skills if name.strip()}
    PostSkill.objects.bulk_create(
        PostSkill(profile=post, name=name, level=PostSkill.Level(level))
        for name, level in wanted.items()
    )


def _moved(post: PostProfile, change: str, by: Staff) -> None:
    publish(PostProfileMoved(post_id=post.pk, change=change, by_id=by.pk))
