"""The embedded stack: Airflow on SQLite in one process, DuckDB, local folders. For a first look and for tests."""
