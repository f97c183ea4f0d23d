"""Tables of conversations, one module a noun."""

from shouwen.conversations.models.conversation import Conversation, ConversationQuerySet
from shouwen.conversations.models.kinds import ContactKind, ContactQuestion, ReportSpan
from shouwen.conversations.models.line import Line, LinePiece
from shouwen.conversations.models.promises import MailDesk, ReplyTime
from shouwen.conversations.models.queue import Queue
from shouwen.conversations.models.tasks import CallBack, HarassmentMark
from shouwen.conversations.models.visitor import Visitor, WidgetSite
from shouwen.conversations.models.wrapup import ContactAnswer, Feedback, SummaryPoint, WrapUp

__all__ = [
    "CallBack",
    "ContactAnswer",
    "ContactKind",
    "ContactQuestion",
    "Conversation",
    "ConversationQuerySet",
    "Feedback",
    "HarassmentMark",
    "Line",
    "LinePiece",
    "MailDesk",
    "Queue",
    "ReplyTime",
    "ReportSpan",
    "SummaryPoint",
    "Visitor",
    "WidgetSite",
    "WrapUp",
]
