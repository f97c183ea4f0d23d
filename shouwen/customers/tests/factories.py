"""Test data of customers."""

import factory
from factory.django import DjangoModelFactory

from shouwen.customers.models import Asset, ContactPoint, Customer, FriendGroup, Tag
from shouwen.customers.normalising import normalise
from shouwen.customers.operations.rows import fill_search_fields


class CustomerFactory(DjangoModelFactory):
    class Meta:
        model = Customer

    number = factory.Sequence(lambda n: f"KH-202001-{n:04d}")
    name = "周玉兰"

    @classmethod
    def _build(cls, model_class, *args, **kwargs):
        customer = super()._build(model_class, *args, **kwargs)
        fill_search_fields(customer)
        return customer

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        customer = cls._build(model_class, *args, **kwargs)
        customer.save()
        return customer


class ContactPointFactory(DjangoModelFactory):
    class Meta:
        model = ContactPoint

    customer = factory.SubFactory(CustomerFactory)
    kind = "phone"
    platform = ""
    value = factory.Sequence(lambda n: f"138{n:08d}")
    normalised = factory.LazyAttribute(lambda point: normalise(point.kind, point.value))
    is_primary = True


class TagFactory(DjangoModelFactory):
    class Meta:
        model = Tag

    name = factory.Sequence(lambda n: f"标签{n}")


class AssetFactory(DjangoModelFactory):
    class Meta:
        model = Asset

    customer = factory.SubFactory(CustomerFactory)
    kind = "flat"
    label = factory.Sequence(lambda n: f"3栋1单元{n}")


class FriendGroupFactory(DjangoModelFactory):
    class Meta:
        model = FriendGroup

    name = factory.Sequence(lambda n: f"分组{n}")
