"""The restricted tier: plain Parquet of pseudonymised rows, in an order that tells nothing of the original one."""

from pathlib import Path

import pyarrow as pa

from include.publication.anonymity import Anonymity, Measured, read_anonymity
from include.publication.catalogue import Mart
from include.publication.open_writer import OpenWriter
from include.publication.policy import PublishedMart
from include.publication.pseudonyms import Pseudonyms
from include.publication.treatment import treated


class RestrictedWriter(OpenWriter):
    """Writes what analysts in government may read; equal byte for byte when made again under the same key."""

    def __init__(
        self,
        pseudonyms: Pseudonyms,
        marts: list[PublishedMart],
        catalogue: dict[str, Mart],
        anonymity: Anonymity | None = None,
    ) -> None:
        """Write these marts; ``catalogue`` has the grain of their published columns."""
        self._pseudonyms = pseudonyms
        self._marts = {mart.name: mart for mart in marts}
        self._catalogue = catalogue
        self._measured = Measured(anonymity or read_anonymity())

    def write(self, table: pa.Table, folder: Path, mart: str, kab_code: str) -> None:
        """Treat one kab/kota's rows of one mart and write them sorted by their published key."""
        published = treated(table, self._marts[mart], self._pseudonyms)
        published = self._measured.anonymity.generalised(published, mart)
        self._measured.add(published, mart)
        by = list(self._catalogue[mart].grain) or published.column_names
        super().write(published.sort_by([(name, "ascending") for name in by]), folder, mart, kab_code)

    def says(self, folder: Path) -> dict:
        """How well each mart's rows hide among each other."""
        return {"k_anonymity": self._measured.says()}
