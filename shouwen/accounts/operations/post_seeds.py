"""The job descriptions a site begins with, as examples to adapt (D320-D325, D368)."""

import json
from pathlib import Path

from django.db import transaction

from shouwen.accounts.models import PostProfile, Role
from shouwen.accounts.operations.posts import write_post
from shouwen.accounts.queries import system_staff

SEEDS = Path(__file__).resolve().parent.parent / "seeds" / "posts.json"


@transaction.atomic
def install_posts() -> list[PostProfile]:
    """Each seed whose code is not there yet is an example draft. Returns those that were made."""
    present = set(PostProfile.objects.values_list("code", flat=True))
    roles = {role.code: role for role in Role.objects.all()}
    made = []
    for seed in json.loads(SEEDS.read_text(encoding="utf-8")):
        if seed["code"] in present:
            continue
        skills = [(one["name"], one["level"]) for one in seed.pop("skills")]
        seed["role"] = roles.get(seed.get("role"))
        seed["duties"] = "\n".join(seed["duties"])
        made.append(write_post(skills=skills, is_example=True, by=system_staff(), **seed))
    return made
