"""One list to be made: of which rows, for whom, under which key; and making it, in this process or another."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pyarrow as pa

from include.publication.desa_pdf import pdf
from include.publication.desa_workbook import workbook as desa_workbook
from include.publication.encrypted_parquet import encrypted, plain
from include.publication.keys import keyed_digest
from include.publication.list_workbook import workbook
from include.publication.sealed_zip import sealed, sealed_together

SUPERVISORS = "correction_list"


@dataclass(frozen=True)
class ListOrder:
    """Rows of a mart for one supervisor or one desa, and the path of the zip below the snapshot's folder.

    ``key`` proves, and for a desa encrypts, what is made; ``as_of`` is printed as the day of its last change.
    """

    mart: str
    owner: str
    kab_code: str
    path: str
    as_of: str
    rows: pa.Table = field(repr=False)
    key: bytes = field(repr=False)
    password: str = field(repr=False)

    @property
    def paths(self) -> tuple[str, ...]:
        """The files that will be made: the zip, and for a desa the Parquet file beside it."""
        return (self.path,) if self.mart == SUPERVISORS else (self.path, self.path.removesuffix("zip") + "parquet")


@dataclass(frozen=True)
class Made:
    """One file, encrypted already, and the keyed digest of what is in it."""

    path: str
    content: bytes = field(repr=False)
    digest: str


def make(order: ListOrder) -> list[Made]:
    """Make the files of an order in memory."""
    maker: Callable[[ListOrder], Iterator[Made]] = _for_supervisor if order.mart == SUPERVISORS else _for_desa
    return list(maker(order))


def _for_supervisor(order: ListOrder) -> Iterator[Made]:
    book = workbook(order.rows.to_pylist(), order.owner, order.kab_code, order.as_of)
    name = f"perbaikan_{order.owner}_{order.as_of}.xlsx"
    yield Made(order.path, sealed(name, book, order.password, order.as_of), keyed_digest(order.key, book))


def _for_desa(order: ListOrder) -> Iterator[Made]:
    rows = order.rows.to_pylist()
    name = f"{order.mart}_{order.owner}_{order.as_of}"
    members = {
        f"{name}.xlsx": desa_workbook(order.mart, rows, order.owner, order.as_of),
        f"{name}.pdf": pdf(order.mart, rows, order.owner, order.as_of),
    }
    zip_path, parquet_path = order.paths
    digest = keyed_digest(order.key, b"".join(members.values()))
    yield Made(zip_path, sealed_together(members, order.password, order.as_of), digest)
    yield Made(parquet_path, encrypted(order.rows, order.key), keyed_digest(order.key, plain(order.rows)))
