"""Test data: staff, departments, roles. StaffFactory(role="agent") gives the role's defaults."""

from typing import Any

import factory

from shouwen.accounts.models import Department, Role, Staff
from shouwen.accounts.permissions import default_permissions
from shouwen.accounts.roles import POSTS
from shouwen.core.pinyin import pinyin_key, sound_index

PASSWORD = "correct horse 9"


class DepartmentFactory(factory.django.DjangoModelFactory):
    """A department at the top, or under `parent`."""

    class Meta:
        model = Department
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"部门{n}")
    code = factory.Sequence(lambda n: f"department-{n}")
    function = Department.Function.SERVICE

    @factory.post_generation
    def place(self: Department, create: bool, extracted: Any, **kwargs: Any) -> None:
        above = self.parent.path if self.parent else "/"
        self.path = f"{above}{self.pk:08d}/"
        if create:
            self.save(update_fields=["path"])


class RoleFactory(factory.django.DjangoModelFactory):
    """A role; one with a built-in code has what that post holds from the start."""

    class Meta:
        model = Role
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"role-{n}")
    given_name = factory.LazyAttribute(lambda o: "" if o.code in POSTS else f"角色 {o.code}")
    permissions = factory.LazyAttribute(lambda o: sorted(default_permissions(o.code)))
    reach = factory.LazyAttribute(lambda o: POSTS[o.code].reach if o.code in POSTS else "own")
    order_stage = factory.LazyAttribute(
        lambda o: POSTS[o.code].order_stage if o.code in POSTS else ""
    )


class StaffFactory(factory.django.DjangoModelFactory):
    """A member of staff. `role="agent"` (or `roles=[...]`, `permissions=[...]`), `password="..."`."""

    class Meta:
        model = Staff
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"staff{n}")
    staff_number = factory.Sequence(lambda n: f"KF{n:04d}")
    name = factory.Sequence(lambda n: f"员工{n}")
    phone = factory.Sequence(lambda n: f"1390000{n % 10000:04d}")
    mail = factory.Sequence(lambda n: f"staff{n}@example.com")
    address = "成都市锦江区春熙路1号"
    sound = factory.LazyAttribute(lambda o: f"{sound_index(o.name)} {sound_index(o.display_name)}")
    sort_key = factory.LazyAttribute(lambda o: pinyin_key(o.name))
    display_name = ""

    @factory.post_generation
    def password(self: Staff, create: bool, extracted: str | None, **kwargs: Any) -> None:
        self.set_password(extracted or PASSWORD)
        if create:
            self.save(update_fields=["password"])

    @factory.post_generation
    def role(self: Staff, create: bool, extracted: Any, **kwargs: Any) -> None:
        if extracted:
            self.roles.add(
                extracted if isinstance(extracted, Role) else RoleFactory(code=extracted)
            )

    @factory.post_generation
    def roles(self: Staff, create: bool, extracted: Any, **kwargs: Any) -> None:
        for one in extracted or ():
            self.roles.add(one if isinstance(one, Role) else RoleFactory(code=one))

    @factory.post_generation
    def permissions(self: Staff, create: bool, extracted: Any, **kwargs: Any) -> None:
        if extracted:
            self.roles.add(RoleFactory(permissions=[str(one) for one in extracted], reach="all"))
