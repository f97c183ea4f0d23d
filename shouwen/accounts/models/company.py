"""The company (公司): one row."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouwen.core.models import TimestampedModel


class Company(TimestampedModel):
    """The company that runs this system (公司): a single row. Service hours are kept by deadlines."""

    name = models.CharField(_("company name"), max_length=100, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=60, default="Asia/Shanghai")
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, default="zh-hans"
    )
    is_set_up = models.BooleanField(default=False)
    hotline_department = models.ForeignKey(
        "accounts.Department",
        verbose_name=_("department that owns the hotline"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    complaint_department = models.ForeignKey(
        "accounts.Department",
        verbose_name=_("department that handles complaints"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    property_complaint_department = models.ForeignKey(
        "accounts.Department",
        verbose_name=_("department that handles property complaints"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    stiff_words = models.TextField(
        _("stiff words to avoid in job descriptions"), blank=True, default="严格执行 必须完成"
    )

    class Meta:
        db_table = "company"
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="company_is_one_row")]

    def __str__(self) -> str:
        return self.name or "-"
