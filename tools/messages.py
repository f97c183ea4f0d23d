"""The Chinese catalog, without a gettext binary.

    python -m tools.messages extract [--merge FILE.tsv ...]   bring the .po up to date
    python -m tools.messages check                            fail unless it is up to date and complete
    python -m tools.messages compile                          write the .mo that Django reads

The .po has no line numbers and no dates, so it changes only when a text does. A merge file has one
line a text: msgid, tab, msgstr, and a tab and the context if there is one.
"""

import argparse
import io
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LANGUAGE = "zh_Hans"
PO = ROOT / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"
HEADER = f"""\
# The Chinese of 首问. Brought up to date by `make messages`.
msgid ""
msgstr ""
"Language: {LANGUAGE}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
Key = tuple[str, str | None]


def source_files() -> list[Path]:
    """The Python files and templates whose texts people read."""
    package = ROOT / "shouwen"
    left_out = {"tests", "migrations"}
    files = [*package.rglob("*.py"), *package.rglob("templates/**/*.html")]
    files += package.rglob("templates/**/*.txt")
    return sorted(one for one in files if not left_out & set(one.relative_to(package).parts))


def as_python(template: str) -> str:
    """A template's texts as calls that the Python extractor can read, one line a line."""
    return "\n".join(line.strip() for line in templatize(template).splitlines())


def texts_of(file: Path) -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    """Each text to translate with its context; plural texts as a tuple of both forms."""
    source = file.read_text(encoding="utf-8")
    if file.suffix != ".py":
        source = as_python(source)
    found = extract("python", io.BytesIO(source.encode()), KEYWORDS)
    for _line, text, _comments, context in found:
        yield text, context


def extracted() -> Catalog:
    """A catalog of every text in the sources, untranslated."""
    catalog = Catalog(locale=LANGUAGE, charset="utf-8", fuzzy=False)
    for file in source_files():
        for text, context in texts_of(file):
            catalog.add(text, context=context)
    return catalog


def read_catalog(path: Path) -> Catalog:
    """The committed catalog; an empty one if there is none yet."""
    if not path.exists():
        return Catalog(locale=LANGUAGE)
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def key_of(message: Message) -> Key:
    """What a translation is found by: the (singular) text and its context."""
    text = message.id[0] if isinstance(message.id, list | tuple) else message.id
    return text, message.context or None


def chinese_of(message: Message) -> str:
    """The translation of a text, empty if it has none; Chinese has one form, so one string."""
    string = message.string
    if isinstance(string, list | tuple):
        return string[0] if string else ""
    return string or ""


def translations_in(catalog: Catalog) -> dict[Key, str]:
    """The finished translations of a catalog."""
    return {
        key_of(message): chinese_of(message)
        for message in catalog
        if message.id and chinese_of(message) and not message.fuzzy
    }


def read_merge_file(path: Path) -> dict[Key, str]:
    """The translations of a tab-separated file; `\\n` stands for a line break."""
    found: dict[Key, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        columns = [one.replace("\\n", "\n") for one in line.split("\t")]
        if len(columns) not in {2, 3}:
            sys.exit(f"{path}:{number}: wants msgid, tab, msgstr (and tab, context)")
        found[columns[0], columns[2] if len(columns) == 3 else None] = columns[1]
    return found


def translate(catalog: Catalog, translations: dict[Key, str]) -> None:
    """Give each text of the catalog its translation, where there is one."""
    for message in catalog:
        string = translations.get(key_of(message), "") if message.id else ""
        if message.id:
            message.string = (string,) if message.pluralizable else string


def as_text(catalog: Catalog) -> str:
    """The catalog as a .po file, always the same for the same texts."""
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=0, no_location=True, omit_header=True, sort_output=True)
    return HEADER + buffer.getvalue().decode().strip() + "\n"


def faults_of(catalog: Catalog) -> Iterator[str]:
    """Texts without a translation, and translations whose placeholders do not fit."""
    for message in catalog:
        if not message.id:
            continue
        if not chinese_of(message):
            yield f"no Chinese for: {key_of(message)[0]!r}"
        elif message.fuzzy:
            yield f"fuzzy: {key_of(message)[0]!r}"
        yield from (f"{key_of(message)[0]!r}: {error}" for error in message.check(catalog))


def extract_messages(merge: Iterable[Path]) -> int:
    """The .po holds exactly the texts of the sources; known translations are kept."""
    catalog = extracted()
    translations = translations_in(read_catalog(PO))
    for path in merge:
        given = read_merge_file(path)
        wanted = {key_of(message) for message in catalog if message.id}
        for text, _context in sorted(given.keys() - wanted, key=str):
            sys.stdout.write(f"{path.name}: no page says {text!r}\n")
        translations |= given
    translate(catalog, translations)
    PO.parent.mkdir(parents=True, exist_ok=True)
    PO.write_text(as_text(catalog), encoding="utf-8")
    missing = sum(not chinese_of(message) for message in catalog if message.id)
    sys.stdout.write(f"{len(catalog)} texts, {missing} without Chinese\n")
    return compile_messages()


def check_messages() -> int:
    """Fails if extraction would change the .po, or a text is missing, fuzzy or does not fit."""
    committed = read_catalog(PO)
    catalog = extracted()
    translate(catalog, translations_in(committed))
    faults = list(faults_of(committed))
    if not PO.exists() or as_text(catalog) != PO.read_text(encoding="utf-8"):
        known = {key_of(message) for message in committed}
        new = [key_of(message)[0] for message in catalog if key_of(message) not in known]
        faults.append(f"the catalog is not up to date: run `make messages` (new: {new[:5]})")
    sys.stdout.writelines(f"{fault}\n" for fault in faults)
    return 1 if faults else 0


def compile_messages() -> int:
    """Each .po has its .mo beside it."""
    for po in sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po")):
        with po.open("rb") as source, po.with_suffix(".mo").open("wb") as target:
            write_mo(target, read_po(source, locale=po.parent.parent.name))
    return 0


def main() -> int:
    """Entry point."""
    parser = argparse.ArgumentParser(description="Extract, check and compile the Chinese catalog.")
    parser.add_argument("command", choices=["extract", "check", "compile"])
    parser.add_argument("--merge", nargs="*", type=Path, default=[], metavar="FILE")
    options = parser.parse_args()
    if options.command == "extract":
        return extract_messages(options.merge)
    return check_messages() if options.command == "check" else compile_messages()


if __name__ == "__main__":
    raise SystemExit(main())
