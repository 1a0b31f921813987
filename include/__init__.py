"""Everything the DAGs call: one night of field work, from the landing zone to published Parquet."""
