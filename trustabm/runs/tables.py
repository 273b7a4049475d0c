"""Tables as CSV that a spreadsheet opens as it stands: umlauts read, and no cell a formula.

Every CSV of the package and of the app is written by `csv_bytes`, and by nothing else.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from trustabm.runs.folders import replace_table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["csv_bytes", "plain_cell", "write_csv"]

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet takes as the beginning of a formula, or of another cell."""


def csv_bytes(frame: pd.DataFrame, **how: Any) -> bytes:
    """Return a table as CSV in UTF-8 with a byte-order mark, without its index.

    Args:
        frame: The table. Text that a spreadsheet would take for a formula is preceded by an
            apostrophe; numbers, and text that is a number, stay as they are.
        how: Further arguments of `DataFrame.to_csv`, as `float_format`.
    """
    plain = frame.rename(columns=plain_cell)
    for k, dtype in enumerate(plain.dtypes):
        if dtype.kind == "O":  # text, words and categories
            plain.isetitem(k, plain.iloc[:, k].astype(object).map(plain_cell).array)
    text: str = plain.to_csv(index=False, **how)
    return text.encode("utf-8-sig")


def write_csv(frame: pd.DataFrame, path: str | Path, **how: Any) -> None:
    """Write what `csv_bytes` gives to a file, whole or not at all; a device or a pipe takes it too.

    Raises:
        OutputExists: where the file holds something else than an earlier table with its columns.
        NotWritten: where it cannot be written.
    """
    replace_table(path, csv_bytes(frame, **how))


def plain_cell(value: Any) -> Any:
    """Return a cell that a spreadsheet shows as it is; for CSV written row by row."""
    if not isinstance(value, str) or not value.startswith(FORMULA):
        return value
    try:
        float(value)
    except ValueError:
        return "'" + value
    return value
