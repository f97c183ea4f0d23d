"""The demo's cases: complaints, repairs and suggestions at every stage, told through the operations."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from shouwen.accounts.models import Department, Staff
from shouwen.accounts.queries import system_staff
from shouwen.cases.models import Case, CaseCategory, CaseKind
from shouwen.cases.operations import accepting, answering, closing, deciding, handing, steps
from shouwen.cases.operations.climbing import escalate_case
from shouwen.cases.operations.opening import CaseDraft, open_case
from shouwen.cases.operations.promising import promise_customer
from shouwen.cases.queries.gates import fitting_ways
from shouwen.core.clock import acting_at
from shouwen.customers.models import Customer
from shouwen.packs.loading import packs_folder, read_pack
from shouwen.packs.operations import install_pack


@dataclass(frozen=True)
class Matter:
    """One story: what it is about, how long ago, and how far it has come."""

    kind: str
    category: str
    days_ago: float
    reaches: str
    place: tuple[str, str, str]
    way: str
    matter: str
    demand: str = ""
    result: str = ""


MATTERS = [
    Matter(
        "complaint", "lift", 26, "archived", ("3栋", "1单元", "电梯厅"), "call",
        "电梯昨晚又停在 7 楼，老人爬楼梯上来的，这个月第二次了。",
        "尽快修好并说明原因。", "更换 7 楼层门锁，试运行 4 小时正常。",
    ),
    Matter(
        "complaint", "decoration_noise", 19, "archived", ("5栋", "2单元", "0903"), "visit",
        "楼上中午一点还在打孔，孩子没法午睡，跟装修队说了两次没用。",
        "午休时间停止施工。", "已约谈装修队，午休停工，并在单元门张贴公示。",
    ),
    Matter(
        "complaint", "cleaning_garden", 12, "archived", ("2栋", "", "大堂"), "chat",
        "大堂垃圾桶旁积水三天没人擦，味道很大。", "每天清理。", "保洁班次改为早晚各一次。",
    ),
    Matter(
        "complaint", "lift", 8, "follow_up", ("3栋", "1单元", "电梯厅"), "call",
        "电梯开门时抖得厉害，怕夹人。", "检查安全。", "门机皮带松动，已更换。",
    ),
    Matter(
        "complaint", "parking", 3, "answer", ("地下车库", "", "B区"), "chat",
        "我的固定车位又被占，保安说管不了。", "把车挪走，以后有人管。", "已联系车主挪车，增加巡查。",
    ),
    Matter(
        "complaint", "lift", 0.12, "handed", ("3栋", "1单元", "电梯厅"), "chat",
        "电梯再次停运，母亲 82 岁坐轮椅无法下楼，下午需就医；上次报修两天才修好。",
        "13:30 前能安全下楼；电梯彻底修好并说明原因。",
    ),
    Matter(
        "complaint", "attitude", 0.05, "registered", ("1栋", "1单元", "0502"), "letter",
        "前台接待说话不耐烦，问缴费的事被打断两次。", "道歉并改进。",
    ),
    Matter(
        "repair", "water", 5, "archived", ("4栋", "1单元", "1201"), "call",
        "厨房水龙头漏水，拧不紧。", "上门修。", "更换阀芯，试水正常。",
    ),
    Matter(
        "repair", "electric", 0.3, "handed", ("6栋", "2单元", "0701"), "call",
        "客厅灯一开就跳闸。", "今天修好，家里有老人。",
    ),
    Matter(
        "suggestion", "activities", 10, "archived", ("", "", ""), "form",
        "建议周末在中庭放露天电影，孩子们会喜欢。", "", "已列入下月社区活动计划。",
    ),
]  # fmt: skip


class Matters:
    """Tells them; each step at its own time."""

    def __init__(self, staff: dict[str, Staff], customers: list[Customer]) -> None:
        self.staff = staff
        self.customers = customers

    def tell(self, say: Callable[[str], object]) -> None:
        """The property pack is installed and the ten matters stand where they have come to."""
        install_pack(read_pack(packs_folder() / "property"), by=system_staff())
        for number, matter in enumerate(MATTERS):
            self._tell(matter, self.customers[number % len(self.customers)])
        say(f"  {len(MATTERS)} 张工单\n")

    def _tell(self, matter: Matter, customer: Customer) -> None:
        at = _working_moment(timezone.now() - timedelta(days=matter.days_ago), matter)
        receiver = self.staff["limin" if matter.kind == "complaint" else "chenxd"]
        case = self._registered(matter, customer, receiver, at)
        if matter.reaches == "registered":
            return
        self._accepted(case, receiver, at + timedelta(minutes=8))
        if matter.reaches == "handed":
            self._handed(case, receiver, at + timedelta(minutes=11))
            return
        self._solved(case, matter, receiver, at + timedelta(minutes=90))

    def _registered(
        self, matter: Matter, customer: Customer, receiver: Staff, at: datetime
    ) -> Case:
        kind = CaseKind.objects.get(code=matter.kind)
        category = CaseCategory.objects.filter(kind=kind, code=matter.category).first()
        values = {
            name: value
            for name, value in zip(("area", "unit", "room"), matter.place, strict=True)
            if kind.defined.field(name)
        }
        values = {name: value or "公共部位" for name, value in values.items()}
        if kind.defined.field("phone"):
            values["phone"] = "13800137719"
        if kind.defined.field("happened_at"):
            values["happened_at"] = at.isoformat()
        if kind.defined.field("symptom"):
            values["symptom"] = matter.matter
        draft = CaseDraft(
            kind=kind,
            customer=customer,
            matter=matter.matter,
            demand=matter.demand,
            way=matter.way,
            values=values,
            category=category,
        )
        with acting_at(at):
            return open_case(draft, by=receiver, at=at)

    def _accepted(self, case: Case, by: Staff, at: datetime) -> None:
        with acting_at(at):
            self._steps(case, "accept", by, at)
            accepting.accept_case(case.pk, by=by, at=at)
            if not case.kind.defined.needs_judging:
                return
            judged = accepting.Judgement(is_valid=True, reason="属物业合同约定的公共设施维护")
            accepting.judge_case(case.pk, judged, by=by, at=at)
            asked = deciding.propose_handling(
                case.pk, proposal="转责任部门现场处理，当日答复业主", by=by, at=at
            )
            boss = self.staff["wangfang"]
            deciding.decide_approval(asked.pk, is_granted=True, words="同意", by=boss, at=at)

    def _steps(self, case: Case, stage: str, by: Staff, at: datetime) -> None:
        for step in case.kind.defined.steps_at(stage, is_urgent=False, is_major=False):
            if step.code == "reception_room" and case.way != "visit":
                reason = "非来访，无需请到接待室"
                steps.skip_step(case.pk, code=step.code, reason=reason, by=by, at=at)
            else:
                steps.finish_step(case.pk, code=step.code, by=by, at=at)

    def _handed(self, case: Case, by: Staff, at: datetime) -> None:
        engineering = Department.objects.get(code="engineering")
        task = handing.Task(
            department=engineering, task="现场检查、恢复运行", due_at=at + timedelta(hours=6)
        )
        with acting_at(at):
            handed = handing.hand_off(case.pk, task, by=by, at=at)
            news = handing.News(text="已到场检查，配件在途", hand_off_id=handed.pk)
            engineer = Staff.objects.active().filter(department=engineering).order_by("pk").first()
            if engineer:
                handing.receive_hand_off(handed.pk, by=engineer, at=at)
                handing.note_progress(case.pk, news, by=engineer, at=at)
            if case.is_complaint:
                promise_customer(
                    case.pk,
                    text="配件到场后回电说明恢复时间",
                    due_at=at + timedelta(hours=4),
                    by=by,
                    at=at,
                )
                escalate_case(case.pk, reason="同一部位 30 天内第 3 次停运", by=by, at=at)

    def _solved(self, case: Case, matter: Matter, by: Staff, at: datetime) -> None:
        with acting_at(at):
            self._steps(case, "handle", by, at)
            answering.record_result(case.pk, result=matter.result, by=by, at=at)
            if matter.reaches == "answer":
                return
            self._steps(case, "answer", by, at)
            way = sorted(fitting_ways(case))[0]
            given = answering.AnswerGiven(
                way=way, text=matter.result, method="现场处理", works_from=at
            )
            answering.answer_customer(case.pk, given, by=by, at=at)
        if matter.reaches == "archived":
            self._archived(case, by, at + timedelta(days=1))

    def _archived(self, case: Case, by: Staff, at: datetime) -> None:
        with acting_at(at):
            if case.kind.defined.needs_follow_up:
                self._steps(case, "follow_up", by, at)
                told = closing.FollowUpTold(
                    result="satisfied", way="call", words="已经好了，谢谢。"
                )
                closing.record_follow_up(case.pk, told, by=by, at=at)
            self._steps(case, "archive", by, at)
            words = closing.ClosingWords(
                cause=CaseCategory.objects.filter(kind=case.kind, axis="cause").first(),
                corrective_action="列入每月巡检",
                is_won_back=True if case.is_complaint else None,
            )
            closing.archive_case(case.pk, words, by=by, at=at)


def _working_moment(moment: datetime, matter: Matter) -> datetime:
    """Matters of earlier days begin in the morning of their day."""
    if matter.days_ago < 1:
        return moment
    return timezone.localtime(moment).replace(hour=9, minute=36, second=0, microsecond=0)
