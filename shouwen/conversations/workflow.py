"""The states of a conversation and the moves between them: a plain table."""

QUEUED, OPEN, MESSAGE, CLOSED = "queued", "open", "message", "closed"

MOVES: dict[str, frozenset[str]] = {
    QUEUED: frozenset({QUEUED, OPEN, MESSAGE, CLOSED}),
    OPEN: frozenset({OPEN, QUEUED, CLOSED}),
    MESSAGE: frozenset({MESSAGE, OPEN, QUEUED, CLOSED}),
    CLOSED: frozenset({QUEUED, OPEN}),
}

# A line may be taken back this long after it was sent, in seconds.
RECALL_SECONDS = 120
# A customer who comes back within this many days is offered the agent who knows him.
KNOWN_AGENT_DAYS = 30
# Contacts on the same issue from which on a caller is flagged as coming many times (D359).
MANY_TIMES = 3
REPEAT_DAYS = 30
# Mails and other things that need no answer this minute: how many routing gives one person.
SLOW_CHANNEL_LIMIT = 20
# An agent who goes away keeps his chats this long before they return to the queue, in seconds.
AWAY_SECONDS = 90

# Working minutes within which each channel is answered unless a page says otherwise; "chat" is a
# message left. (D109, D164)
REPLY_MINUTES = {
    "mail": 240,
    "chat": 120,
    "platform": 10,
    "sms": 30,
    "web_post": 60,
    "letter": 960,
}
# A queue that takes reports of faults answers within this, whatever the channel. (D613)
FAULT_REPLY_MINUTES = 30
# The clocks on a conversation besides that of the answer: he is told the result, and how far it is.
FEEDBACK, PROGRESS = "feedback", "progress"
# Working minutes within which a customer whose matter was handed on hears how far it is. (D665)
PROGRESS_MINUTES = 120
# The part of a promise after which its warning is due.
WARN_AFTER = 3 / 4


def may_move(state: str, to: str) -> bool:
    """Whether a conversation may go from one state to the other."""
    return to in MOVES[state]
