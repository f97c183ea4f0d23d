"""The theme: text can be read on every ground it stands on (WCAG 2.2 AA, 4.5:1)."""

import re

import pytest
from django.conf import settings

TOKENS = settings.BASE_DIR / "frontend" / "src" / "theme" / "tokens.css"
PAIRS = [
    *((ink, ground) for ink in ("ink", "ink-2", "ink-3") for ground in ("ground", "paper")),
    *((ink, "accent-soft") for ink in ("ink", "ink-2", "ink-3", "accent")),
    *((tone, f"{tone}-soft") for tone in ("late", "near", "kept")),
    *((tone, "paper") for tone in ("late", "near", "kept", "accent")),
    ("accent", "ground"),
    ("on-accent", "accent"),
    ("ink", "note"),
    ("rail-ink", "rail"),
]


def colours(theme: str) -> dict[str, str]:
    """Token name -> #rrggbb of a theme."""
    block = re.search(rf'\[data-bs-theme="{theme}"\] {{(.*?)\n}}', TOKENS.read_text(), re.DOTALL)
    assert block
    found = re.findall(r"--sw-([\w-]+): #([0-9a-f]{3,6});", block[1])
    return {
        name: value if len(value) == 6 else "".join(c * 2 for c in value) for name, value in found
    }


def brightness(colour: str) -> float:
    """Relative luminance of WCAG."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_text_can_be_read(theme: str, ink: str, ground: str):
    found = colours(theme)
    dark, light = sorted((brightness(found[ink]), brightness(found[ground])))

    assert (light + 0.05) / (dark + 0.05) >= 4.5
