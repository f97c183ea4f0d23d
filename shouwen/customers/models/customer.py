"""Customers (客户): the file of a person or company we serve."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shouwen.core.models import TimestampedModel
from shouwen.core.search import SearchField
from shouwen.customers.masking import mask_name


class CustomerQuerySet(models.QuerySet["Customer"]):
    """Filters that read as words."""

    def tagged(self, name: str) -> "CustomerQuerySet":
        """Those that carry the tag of this name."""
        return self.filter(tags__name=name)

    def flagged(self, colour: str) -> "CustomerQuerySet":
        """Those with a flag of this colour."""
        return self.filter(flag=colour)

    def of_quality(self) -> "CustomerQuerySet":
        """Those filed as quality customers."""
        return self.filter(is_quality=True)

    def matching(self, words: str) -> "CustomerQuerySet":
        """Those whose name, its pinyin or initials, number, tag, asset or remark has the words."""
        return self.filter(search__words=words)


class Customer(TimestampedModel):
    """A person or company we serve (客户). Made when someone writes; never made twice for one contact point.

    `name` may be empty: then nobody has asked yet, and `alias` (a nickname, 访客 7F31) stands in,
    which is never masked. Show `display_name`, or `masked_name` to those whose role may not see names.
    """

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        COMPANY = "company", _("Company")

    class Salutation(models.TextChoices):
        UNKNOWN = "", _("Not known")
        SIR = "sir", _("Mr")
        MADAM = "madam", _("Ms")

    class Flag(models.TextChoices):
        NONE = "", _("No flag")
        RED = "red", _("Red")
        YELLOW = "yellow", _("Yellow")
        GREEN = "green", _("Green")
        BLUE = "blue", _("Blue")
        PURPLE = "purple", _("Purple")

    class Source(models.TextChoices):
        CHAT = "chat", _("Web chat")
        MAIL = "mail", _("Mail")
        PHONE = "phone", _("Phone")
        SMS = "sms", _("SMS")
        COUNTER = "counter", _("Walk-in")
        LETTER = "letter", _("Letter")
        PLATFORM = "platform", _("Shop platform")
        IMPORT = "import", _("Import")
        API = "api", _("Interface")
        STAFF = "staff", _("Entered by staff")

    number = models.CharField(max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=100, blank=True)
    alias = models.CharField(_("alias"), max_length=60, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.PERSON)
    salutation = models.CharField(
        _("salutation"), max_length=10, choices=Salutation, default=Salutation.UNKNOWN, blank=True
    )
    flag = models.CharField(_("flag"), max_length=10, choices=Flag, default=Flag.NONE, blank=True)
    flag_note = models.CharField(_("flag note"), max_length=200, blank=True)
    remarks = models.TextField(_("remarks"), max_length=2000, blank=True)
    is_quality = models.BooleanField(_("quality customer"), default=False)
    source = models.CharField(max_length=10, choices=Source, default=Source.STAFF)
    department = models.ForeignKey(
        "accounts.Department",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="customers",
        verbose_name=_("department"),
    )
    keeper = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="kept_customers",
        verbose_name=_("keeper"),
    )
    tags = models.ManyToManyField(
        "customers.Tag", through="customers.CustomerTag", related_name="customers"
    )
    pinyin = models.CharField(max_length=200, blank=True, editable=False)
    search = SearchField()

    objects = CustomerQuerySet.as_manager()

    class Meta:
        db_table = "customer"
        indexes = [
            GinIndex(fields=["search"], name="customer_search"),
            models.Index(fields=["pinyin", "id"], name="customer_pinyin"),
            models.Index(fields=["flag", "-id"], name="customer_flag", condition=~Q(flag="")),
            models.Index(fields=["-id"], name="customer_quality", condition=Q(is_quality=True)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(flag_note="") | ~Q(flag=""), name="customer_flag_note_has_flag"
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def display_name(self) -> str:
        """The name in clear, or the alias or "Visitor 0042" while it is not known."""
        return self.name or self.alias or _now("Visitor %s") % self.number.rpartition("-")[2]

    @property
    def masked_name(self) -> str:
        """The name as anyone may see it: 周*兰. Companies are no personal data and stay readable."""
        if not self.name or self.kind == self.Kind.COMPANY:
            return self.display_name
        return mask_name(self.name)

    @property
    def is_named(self) -> bool:
        """Somebody has written the name down."""
        return bool(self.name)
