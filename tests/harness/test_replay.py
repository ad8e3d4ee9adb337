"""`drills replay orders`: what the limits would have said of a file."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import polars as pl
import pytest

from drills import cli

if TYPE_CHECKING:
    from pathlib import Path

ORDERS = """\
at,client_order_id,symbol,side,quantity,notional,current_price,short_sale,desk
2026-01-26T09:00:00Z,a,BTC/EUR,BUY,1,,100,,x
2026-01-26T09:00:01Z,b,BTC/EUR,BUY, 2 ,,100,false,x
2026-01-26T09:00:02Z,c,BTC/EUR,SELL,"1,5",,100,,x
2026-01-26T09:00:03Z,d,ETH/EUR,BUY,,250,,,x
"""
CONFIG = "[live_risk]\nmax_order_notional = 200.0\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with limits and orders, in which the command runs."""
    (tmp_path / "live.toml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "orders.csv").write_text(ORDERS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def replay(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """Run the command; the exit status."""
    monkeypatch.setattr(sys, "argv", ["drills", "replay", "orders", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


@pytest.mark.usefixtures("folder")
def test_it_counts_what_would_have_been_blocked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """By limit, with values and units, and lists the first orders that were."""
    assert replay(monkeypatch, "orders.csv", "--most", "1") == 0
    assert capsys.readouterr().out == (
        "4 orders, 2026-01-26T09:00:00Z to 2026-01-26T09:00:03Z: 1 pass, 0 pass with a warning, 3 blocked\n\n"
        "limit               blocked  warned  first row  least value  greatest value  limit value\n"
        "max_order_notional  2        0       1          200.00 EUR   250.00 EUR      200.00 EUR\n"
        "order_input         1        0       2\n\n"
        "row  at                    client_order_id  symbol   side  quantity  notional  limit               "
        "value       limit value\n"
        "1    2026-01-26T09:00:01Z  b                BTC/EUR  BUY   2.0                 max_order_notional  "
        "200.00 EUR  200.00 EUR\n"
        "and 2 more\n"
    )


def test_the_verdicts_are_written_beside_the_columns_that_were_there(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As CSV and as Parquet, which can be read again."""
    assert replay(monkeypatch, "orders.csv", "--out", "said.parquet") == 0
    said = pl.read_parquet(folder / "said.parquet")
    assert said["allowed"].to_list() == [True, False, False, False]
    assert said["desk"].to_list() == ["x"] * 4
    said.drop("allowed", "severity", "limit", "value", "limit_value").write_parquet(folder / "again.parquet")
    assert replay(monkeypatch, "again.parquet", "--out", "said.csv") == 0
    assert pl.read_csv(folder / "said.csv")["severity"].to_list() == said["severity"].to_list()


@pytest.mark.usefixtures("folder")
def test_what_was_held_at_first_counts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """From the file that `live-ops` reads."""
    position = '{"symbol": "BTC/EUR", "size": 9.0, "mark_price": 100}'
    held = f'{{"as_of": "2026-01-26T08:00:00Z", "positions": [{position}]}}'
    (tmp_path / "held.json").write_text(held, encoding="utf-8")
    (tmp_path / "live.toml").write_text("[live_risk]\nmax_total_exposure_notional = 1000\n", encoding="utf-8")
    assert replay(monkeypatch, "orders.csv", "--portfolio", "held.json", "--most", "0") == 0
    assert "max_total_exposure  3 " in capsys.readouterr().out


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["nope.csv"], "error: nope.csv: cannot be read (No such file or directory"),
        (["live.toml"], "error: live.toml: expected a file that ends in .csv or .parquet"),
        (["broken.parquet"], "error: broken.parquet: cannot be read ("),
        (["empty.csv"], "error: empty.csv: cannot be read ("),
        (
            ["names.csv"],
            "error: names.csv: side: the column is missing; did you mean 'sde'?\nnames.csv: sde: unknown",
        ),
        (["when.csv"], "error: when.csv: at: row 0 has no instant that can be read"),
        (["orders.csv", "--config", "nope.toml"], "error: nope.toml"),
        (["orders.csv", "--portfolio", "nope.json"], "error: nope.json"),
        (
            ["orders.csv", "--out", "said.xlsx"],
            "error: said.xlsx: expected a file that ends in .csv",
        ),
    ],
)
def test_what_cannot_be_used_is_told_and_ends_with_2(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    arguments: list[str],
    why: str,
) -> None:
    """With the file, before anything is judged or written."""
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 not at all")
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "names.csv").write_text("symbol,sde,quantity\nA,BUY,1\n", encoding="utf-8")
    (tmp_path / "when.csv").write_text("symbol,side,quantity,at\nA,BUY,1,noon\n", encoding="utf-8")
    assert replay(monkeypatch, *arguments) == 2
    said = capsys.readouterr()
    assert said.err.startswith(why)
    assert not said.out
