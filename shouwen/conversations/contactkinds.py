"""The kinds of matters that every team begins with, as plain data. (D018, D598)"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A kind: whether the customer must be told, within how many working minutes, what is asked."""

    code: str
    name: str
    feedback_minutes: int = 0
    questions: tuple[str, ...] = ()
    must_ask: bool = False


FAULT_QUESTIONS = (
    "什么设备、什么位置",
    "故障现象是什么",
    "什么时候开始的",
    "影响范围和紧急程度",
    "此前做过哪些操作",
    "联系人和方便上门的时间",
)
KINDS = (
    Kind("enquiry", "咨询", 240),
    Kind("lookup", "查询", 240),
    Kind("complaint", "投诉", 480, ("涉及的人、事、时间和地点", "客户的具体要求")),
    Kind("suggestion", "建议", 1440),
    Kind("repair", "报修", 480, ("报修部位和现象", "方便上门的时间")),
    Kind("fault", "故障", 120, FAULT_QUESTIONS, must_ask=True),
    Kind("praise", "表扬"),
    Kind("other", "其他"),
)
SPANS = (("白班", 8 * 60 + 30, 17 * 60 + 30), ("晚班", 17 * 60 + 30, 8 * 60 + 30))
