"""The report site: static pages that show what a snapshot publishes, built into the snapshot itself."""

# Where a snapshot has it, and the page to open.
SITE = "site"
FIRST_PAGE = f"{SITE}/index.html"
