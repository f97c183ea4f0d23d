"""The stages of a case and the moves between them: a plain table.

受理 → 处理 → 答复 → 回访 → 归档. A case stands in the stage whose work is being done; it is closed
when the archive has it.
"""

from shouwen.cases.definitions import Stage

ACCEPT, HANDLE, ANSWER = Stage.ACCEPT, Stage.HANDLE, Stage.ANSWER
FOLLOW_UP, ARCHIVE = Stage.FOLLOW_UP, Stage.ARCHIVE

PATH = (ACCEPT, HANDLE, ANSWER, FOLLOW_UP, ARCHIVE)

MOVES: dict[str, frozenset[str]] = {
    ACCEPT: frozenset({HANDLE}),
    HANDLE: frozenset({ANSWER}),
    # A refused answer is worked on again; a kind without follow-up goes straight to the archive.
    ANSWER: frozenset({FOLLOW_UP, ARCHIVE, HANDLE}),
    FOLLOW_UP: frozenset({ARCHIVE, HANDLE}),
    ARCHIVE: frozenset({HANDLE}),
}


def may_move(stage: str, to: str) -> bool:
    """Whether a case may go from one stage to the other."""
    return to in MOVES[stage]


def place_on_path(stage: str) -> int:
    """How far along the path a stage is; 0 is the beginning."""
    return PATH.index(Stage(stage))
