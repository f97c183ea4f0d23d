"""Reads about job descriptions."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import PostMessage, PostProfile, Staff
from shouwen.accounts.permissions import AccountsPermission
from shouwen.accounts.queries.organisation import company

# What a job description easily leaves out (D111).
EASILY_OMITTED = {
    "emergency": _("emergency measures"),
    "holiday_duty": _("holiday duty"),
    "reply_limits": _("reply time limits"),
    "soft_skills": _("soft skills"),
    "daily_log": _("daily log"),
    "training": _("training"),
}
TEXTS = (
    "overview",
    "duties",
    "experience",
    "hours",
    "environment",
    "overtime",
    "benefits",
    "development",
    *EASILY_OMITTED,
    "summary",
)


def visible_posts(staff: Staff) -> QuerySet[PostProfile]:
    """Published ones for everybody; drafts too for who writes or reviews them."""
    posts = PostProfile.objects.select_related("department", "role").order_by("name", "pk")
    if staff.may(AccountsPermission.WRITE_POSTS) or staff.may(AccountsPermission.REVIEW_POSTS):
        return posts
    return posts.filter(status=PostProfile.Status.PUBLISHED)


def omitted_parts(post: PostProfile) -> list[str]:
    """The names of the parts a job description easily leaves out and this one does (D111)."""
    return [
        str(label) for name, label in EASILY_OMITTED.items() if not str(getattr(post, name)).strip()
    ]


def stiff_words_in(post: PostProfile) -> list[str]:
    """The stiff words it uses, of those the company listed; a hint, never a refusal (D129)."""
    written = "\n".join(str(getattr(post, name)) for name in TEXTS)
    return [word for word in company().stiff_words.split() if word in written]


def post_inbox(post: PostProfile, reader: Staff) -> QuerySet[PostMessage]:
    """What service sent to the post: all of it for who holds the post, one's own for others."""
    messages = post.messages.select_related("by", "answered_by").order_by("-at", "-pk")
    if may_answer(post, reader):
        return messages
    return messages.filter(Q(by=reader))


def may_answer(post: PostProfile, staff: Staff) -> bool:
    """Who holds the post's role, and who reviews job descriptions."""
    holds = post.role_id is not None and any(role.pk == post.role_id for role in staff.role_list)
    return holds or staff.may(AccountsPermission.REVIEW_POSTS)
