"""What lies on the shelf of a case in the attacked company."""

from django.utils import timezone

from shouwen.cases.models import Answer as CaseAnswer
from shouwen.cases.models import CaseLetter, CasePaper, CaseVolume
from shouwen.core.files import store_file


def filed(answer: CaseAnswer, secret: str) -> dict[str, int]:
    """What lies on the shelf for good: a letter among the papers, and a volume."""
    mark = {"case": answer.case, "by": answer.by, "at": answer.at}
    stored = store_file(f"{secret}回函.txt", f"{secret}回函".encode())
    words = {"salutation": f"{secret}业主", "text": f"{secret}回函", "signature": "首问物业"}
    letter = CaseLetter.objects.create(
        **mark,
        **words,
        answer=answer,
        paper=CasePaper.objects.create(**mark, file=stored, title=f"{secret}回函"),
        version=1,
        dated_on=timezone.localdate(),
    )
    row = {"name": "事由", "value": f"{secret}事由"}
    sheet = {"title": "投诉单", "number": "1", "blocks": [{"heading": "", "rows": [row]}]}
    volume = CaseVolume.objects.create(**mark, number=1, sheet=sheet)
    return {"letter_id": letter.pk, "volume_id": volume.pk}
