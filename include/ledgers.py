"""The ledgers under ``REGSOSEK_STATE`` that the warehouse shows, so that dbt and the gates can read them."""

import pyarrow as pa

from include import gate_result, run_log

SCHEMA = "state"

# Every ledger: its folder below the state, which of its files, its columns. One file is written whole or not at all.
TABLES: dict[str, tuple[str, str, pa.Schema]] = {
    "gate_result": ("gate_result", "*", gate_result.SCHEMA),
    "run_log": ("run_log", "*", run_log.SCHEMA),
}
