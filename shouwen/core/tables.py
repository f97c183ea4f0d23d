"""Cells of tables that other programs open."""

FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def plain_cell(text: str) -> str:
    """The text so that no spreadsheet takes it for a formula. (V1.2.10)"""
    return f"'{text}" if text.startswith(FORMULA) else text
