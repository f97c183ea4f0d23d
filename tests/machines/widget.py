"""A chat for a website, and whether everything said in it is there: once, in order, and nothing else."""

from collections import Counter
from collections.abc import Iterable

from tests.faults.ledger import Ledger, Verdict
from tests.faults.talkers import Visitor

SITE = "machines0123456789"
SET_UP = f"""
from shouwen.accounts.models import Department
from shouwen.accounts.operations.departments import found_departments
from shouwen.accounts.queries import system_staff
from shouwen.conversations.models import WidgetSite
from shouwen.conversations.operations.setup import ensure_default_queue, save_widget_site
by = system_staff()
found_departments(by=by)
queue = ensure_default_queue(name="客服", department=Department.objects.get(code="service"), by=by)
save_widget_site(WidgetSite(key="{SITE}", name="测试", title="测试", queue=queue), by=by)
"""
MARK = "the-end-of-one-part-and-the-beginning-of-the-next"
FORM = f"multipart/form-data; boundary={MARK}"
HEAD = f'--{MARK}\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n'


def form_with(content: bytes) -> bytes:
    """The body of a form that gives one file; its type is FORM."""
    return HEAD.encode() + content + f"\r\n--{MARK}--\r\n".encode()


def judge(visitors: Iterable[Visitor], ledger: Ledger) -> Verdict:
    """Hold what is there against what was sent and acknowledged."""
    verdict = Verdict()
    found: Counter[str] = Counter()
    for visitor in visitors:
        own = [line for line in visitor.all_lines() if line["kind"] == "visitor"]
        ids = [line["client_id"] for line in own]
        found.update(ids)
        seqs = [line["seq"] for line in own]
        if ids != [one for one in visitor.said if one in set(ids)] or seqs != sorted(set(seqs)):
            verdict.out_of_order.append(visitor.name)
    verdict.lost = [one for one in ledger.acked if one not in found]
    verdict.doubled = [one for one, times in found.items() if times > 1]
    verdict.ghosts = [one for one in found if one not in ledger.sent]
    return verdict
