"""The language of the terminal, and plain answers on it."""

import os

from django.utils import translation

ASKED = ("LC_ALL", "LC_MESSAGES", "LANG")


def terminal_language() -> str:
    """English where the terminal asks for it, else Chinese."""
    wanted = next((os.environ[name] for name in ASKED if os.environ.get(name)), "")
    return "en" if wanted.lower().startswith("en") else "zh-hans"


def speak() -> None:
    """From now on this process speaks the terminal's language."""
    translation.activate(terminal_language())
