"""What is measured, and how: each figure beside a floor or an earlier figure of the same run. Results: results.md."""
