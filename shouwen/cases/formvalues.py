"""Form values: read as what their field holds, held against what a stage asks for."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from shouwen.cases.definitions import FieldType, FormField, KindDefinition
from shouwen.cases.refusals import FormIncomplete, ValueUnfit
from shouwen.cases.workflow import place_on_path

TEXT_LIMIT, LONG_TEXT_LIMIT = 300, 10_000
LARGEST = Decimal(10) ** 12


def read_values(defined: KindDefinition, given: Mapping[str, Any]) -> dict[str, Any]:
    """The given values as they are stored; empty ones are left out.

    Refuses a field the kind does not have and a value its field cannot hold, naming the field.
    """
    read: dict[str, Any] = {}
    for code, value in given.items():
        field = defined.field(code)
        if field is None:
            raise ValueUnfit(code, code, _("There is no such field."))
        if value in (None, "", [], ()):
            continue
        _check_shape(field, value)
        read[code] = _READERS[field.type](field, value)
    return read


def _check_shape(field: FormField, value: Any) -> None:
    """Refuses lists and objects where one value belongs, and lists of anything but words."""
    is_list = isinstance(value, list | tuple)
    if isinstance(value, dict | set) or (is_list and field.type != FieldType.CHOICES):
        raise _unfit(field, _("one value, please."))
    if is_list and not all(isinstance(one, str) for one in value):
        raise _unfit(field, _("one value, please."))


def check_complete(defined: KindDefinition, values: Mapping[str, Any], stage: str) -> None:
    """Refuses a form that lacks what must be filled at this stage or an earlier one. (D684, D685)"""
    missing = [
        field
        for field in defined.fields
        if field.required_from is not None
        and place_on_path(field.required_from) <= place_on_path(stage)
        and field.code not in values
    ]
    if missing:
        raise FormIncomplete([one.name for one in missing], [one.code for one in missing])


def place_in(defined: KindDefinition, values: Mapping[str, Any]) -> str:
    """Where it happened, from the fields that tell the place: "3栋/1单元/1102"."""
    parts = [
        shown_value(one, values[one.code])
        for one in defined.fields
        if one.is_place and one.code in values
    ]
    return "/".join(part.strip() for part in parts)[:120]


def shown_value(field: FormField, value: Any) -> str:
    """The value for people: choices by name, times in local form."""
    names = {choice.code: choice.name for choice in field.choices}
    if field.type == FieldType.CHOICE:
        return names.get(value, str(value))
    if field.type == FieldType.CHOICES:
        return _("、").join(names.get(one, str(one)) for one in value)
    if field.type == FieldType.YES_NO:
        return _("Yes") if value else _("No")
    if field.type == FieldType.MOMENT and (moment := parse_datetime(value)):
        return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
    return str(value)


def _unfit(field: FormField, why: str) -> ValueUnfit:
    return ValueUnfit(field.name, field.code, why)


def _text(field: FormField, value: Any) -> str:
    limit = LONG_TEXT_LIMIT if field.type == FieldType.LONG_TEXT else TEXT_LIMIT
    words = str(value).replace("\x00", "").strip()
    if len(words) > limit:
        raise _unfit(field, _("at most %d characters, please.") % limit)
    return words


def _number(field: FormField, value: Any) -> str:
    try:
        number = Decimal(str(value).strip().replace(",", ""))
    except InvalidOperation:
        raise _unfit(field, _("“%s” is not a number.") % str(value)[:40]) from None
    if not number.is_finite() or abs(number) > LARGEST:
        raise _unfit(field, _("“%s” is not a number.") % str(value)[:40])
    return format(
        number.quantize(Decimal("0.01")) if field.type == FieldType.MONEY else number, "f"
    )


def _day(field: FormField, value: Any) -> str:
    day = value if isinstance(value, date) else _parsed(parse_date, value)
    if day is None:
        raise _unfit(field, _("“%s” is not a day; write 2026-11-22.") % str(value)[:40])
    return day.isoformat()


def _moment(field: FormField, value: Any) -> str:
    moment = value if isinstance(value, datetime) else _parsed(parse_datetime, value)
    if moment is None:
        raise _unfit(field, _("“%s” is not a time; write 2026-11-22 10:36.") % str(value)[:40])
    if timezone.is_naive(moment):
        moment = timezone.make_aware(moment)
    return moment.isoformat()


def _parsed(parse: Any, value: Any) -> Any:
    try:
        return parse(str(value).strip())
    except ValueError:
        return None


def _choice(field: FormField, value: Any) -> str:
    if value not in {one.code for one in field.choices}:
        raise _unfit(field, _("“%s” is not among the choices.") % str(value)[:40])
    return str(value)


def _choices(field: FormField, value: Any) -> list[str]:
    given = value if isinstance(value, list | tuple) else [value]
    return [_choice(field, one) for one in dict.fromkeys(given)]


def _yes_no(field: FormField, value: Any) -> bool:
    words = {
        "true": True,
        "1": True,
        "yes": True,
        "on": True,
        "false": False,
        "0": False,
        "no": False,
    }
    if isinstance(value, bool):
        return value
    read = words.get(str(value).strip().lower())
    if read is None:
        raise _unfit(field, _("Yes or no, please."))
    return read


def _phone(field: FormField, value: Any) -> str:
    words = _text(field, value)
    if sum(c.isdigit() for c in words) < 5:
        raise _unfit(field, _("“%s” is not a phone number.") % words[:40])
    return words


_READERS = {
    FieldType.TEXT: _text,
    FieldType.LONG_TEXT: _text,
    FieldType.NUMBER: _number,
    FieldType.MONEY: _number,
    FieldType.DATE: _day,
    FieldType.MOMENT: _moment,
    FieldType.CHOICE: _choice,
    FieldType.CHOICES: _choices,
    FieldType.YES_NO: _yes_no,
    FieldType.PHONE: _phone,
}
