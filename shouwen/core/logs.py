"""One line a log record: nothing a stranger sends can make a second one."""

import logging


class OneLineFormatter(logging.Formatter):
    """Writes line breaks and control characters of the message as escapes; tracebacks stay readable."""

    def format(self, record: logging.LogRecord) -> str:
        record.msg = _escaped(record.getMessage())
        record.args = None
        return super().format(record)


def _escaped(text: str) -> str:
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)
