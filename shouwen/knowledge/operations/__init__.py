"""Writes about knowledge, one module a noun."""

from shouwen.knowledge.operations.answers import (
    AnswerDraft,
    approve_answer,
    note_answers_used,
    propose_answer,
    withdraw_answer,
    write_answer,
)
from shouwen.knowledge.operations.guard import (
    delete_taboo,
    guard_template,
    guard_words,
    install_taboos,
    save_taboo,
)
from shouwen.knowledge.operations.phrases import (
    Imported,
    PhraseDraft,
    create_phrase,
    delete_phrase,
    import_phrases,
    install_courtesy,
    share_phrase,
    update_phrase,
    use_phrase,
)

__all__ = [
    "AnswerDraft",
    "Imported",
    "PhraseDraft",
    "approve_answer",
    "create_phrase",
    "delete_phrase",
    "delete_taboo",
    "guard_template",
    "guard_words",
    "import_phrases",
    "install_courtesy",
    "install_taboos",
    "note_answers_used",
    "propose_answer",
    "save_taboo",
    "share_phrase",
    "update_phrase",
    "use_phrase",
    "withdraw_answer",
    "write_answer",
]
