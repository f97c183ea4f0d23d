"""How phrases are found by sound: initials and pinyin, letters and digits only. Pure."""

from shouwen.core.pinyin import initials, pinyin_key
from shouwen.knowledge.courtesy import fill
from shouwen.knowledge.models import Answer, Phrase

HEARD = 40  # characters of a text that are typed at most to find it


def letters(text: str) -> str:
    """Letters and digits of any script, in lower case."""
    return "".join(c for c in text if c.isalnum()).lower()


def fill_sounds(phrase: Phrase | Answer) -> None:
    """Set what the phrase is found by from its title and the beginning of its text."""
    title, text = letters(phrase.title), letters(fill(phrase.text, {}))[:HEARD]
    phrase.title_initials = initials(title)[:60]
    phrase.text_initials = initials(text)[:60]
    phrase.pinyin = pinyin_key(title).replace(" ", "")[:200]
