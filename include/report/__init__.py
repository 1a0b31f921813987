"""The report site: static pages that show what a snapshot publishes, built into the snapshot itself."""
