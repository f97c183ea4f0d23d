"""Pictures that customers send with a form: taken in at once, so that a mistake elsewhere loses none."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from shouwen.accounts.throttle import address_key
from shouwen.core.errors import Refused
from shouwen.core.files import (
    check_size,
    file_of_token,
    file_token,
    file_url,
    recognise,
    safe_name,
    store_file,
)
from shouwen.core.http import client_address
from shouwen.core.models import StoredFile
from shouwen.core.pace import is_within_pace

MOST = 6
AN_HOUR = 120
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class KeptPicture:
    """A picture that is here already: the word that stands for it in the form, and how to show it."""

    token: str
    url: str
    name: str


@dataclass
class Pictures:
    """What came with a form: pictures taken in, and what was refused, in words."""

    files: list[StoredFile] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)

    @property
    def kept(self) -> list[KeptPicture]:
        """For the form that comes back: nobody chooses his pictures twice."""
        return [KeptPicture(file_token(one), file_url(one), one.name) for one in self.files]


def pictures_of(request: HttpRequest, *, at: datetime) -> Pictures:
    """The pictures kept from before and those sent now; only pictures, within the limits of files."""
    found = Pictures(_kept(request.POST.getlist("kept")))
    sent = [one for one in request.FILES.getlist("pictures") if isinstance(one, UploadedFile)]
    for one in sent:
        if len(found.files) >= MOST:
            found.refusals.append(_("At most %d pictures, please.") % MOST)
            break
        try:
            found.files.append(_taken_in(one, client_address(request), at))
        except Refused as refusal:
            found.refusals.append(str(refusal))
    return found


def _kept(tokens: Iterable[str]) -> list[StoredFile]:
    files = [file_of_token(token) for token in dict.fromkeys(list(tokens)[:MOST])]
    return [one for one in files if one and one.kind == StoredFile.Kind.PICTURE]


def _taken_in(sent: UploadedFile, address: str, at: datetime) -> StoredFile:
    check_size(sent.size or 0)
    who = address_key(address)
    if not is_within_pace("form-pictures", who, limit=AN_HOUR, window=HOUR, at=at):
        raise Refused(_("Too many pictures from your network. Please try again later."))
    name, content = sent.name or "", sent.read()
    if content and recognise(content).kind != StoredFile.Kind.PICTURE:
        raise Refused(_("“%s” is not a picture.") % safe_name(name))
    return store_file(name, content)
