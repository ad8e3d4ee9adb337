"""Orders of the past from a CSV or a Parquet file, and the file that their verdicts are written to."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from drills.errors import UnusableInputError
from drills.replay.out_files import TABLES, check_kind, write_whole
from live.history.columns import NUMBERS

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl


def read_order_file(path: Path) -> pl.DataFrame:
    """The orders of a file. In CSV, what reads like no number or no instant is none.

    Raises:
        UnusableInputError: the file cannot be read.
    """
    import polars as pl

    check_kind(path, TABLES)
    try:
        if path.suffix.lower() == ".parquet":
            return pl.read_parquet(path)
        return _typed(pl.read_csv(path, infer_schema=False))
    except OSError as error:
        raise UnusableInputError(f"{path}: cannot be read ({error.strerror or error})") from None
    except pl.exceptions.PolarsError as error:
        text = str(error).partition("\n")[0]
        raise UnusableInputError(f"{path}: cannot be read ({text})") from None


def write_verdicts(frame: pl.DataFrame, path: Path) -> None:
    """Write orders with their verdicts to a CSV or a Parquet file, all of them or none.

    Raises:
        UnusableInputError: they cannot be written; what stood there is as it was.
    """
    content = BytesIO()
    if path.suffix.lower() == ".parquet":
        frame.write_parquet(content)
    else:
        frame.write_csv(content)
    write_whole(content.getvalue(), path)


def _typed(table: pl.DataFrame) -> pl.DataFrame:
    """Texts as what they say, column by column."""
    import polars as pl

    columns = [_number(name) for name in NUMBERS if name in table.columns]
    if "short_sale" in table.columns:
        flags = {"true": True, "false": False}
        flag = pl.col("short_sale").str.to_lowercase()
        if table.select(flag.is_in(list(flags)).all()).item():
            columns.append(flag.replace_strict(flags, return_dtype=pl.Boolean).alias("short_sale"))
    if "at" in table.columns:
        columns.append(pl.col("at").str.to_datetime(time_zone="UTC", time_unit="us", strict=False))
    return table.with_columns(columns)


def _number(name: str) -> pl.Expr:
    import polars as pl

    text = pl.col(name)
    number = text.str.strip_chars().cast(pl.Float64, strict=False)
    return pl.when(text.is_not_null()).then(number.fill_null(float("nan"))).alias(name)
