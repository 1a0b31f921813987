"""``python -m include.publication.attacker PUBLISHED``: try to work out small counts from all that was published."""

import argparse
import sys
from pathlib import Path

from include.publication.attacker.published import attack_snapshots, were_live


def main(arguments: list[str]) -> int:
    """Attack the open snapshots below a folder; 1 if something follows, 2 if there is nothing to attack."""
    parser = argparse.ArgumentParser(prog="python -m include.publication.attacker")
    parser.add_argument("published", type=Path, help="folder of the published snapshots")
    parser.add_argument("--smallest", type=int, default=5, help="families below which a count gives somebody away")
    said = parser.parse_args(arguments)
    folders = were_live(said.published)
    if not folders:
        sys.stderr.write(f"no snapshot below {said.published} shows counts by attribute\n")
        return 2
    found = attack_snapshots(folders, said.smallest)
    sys.stdout.write("".join(f"{finding}\n" for finding in found))
    sys.stdout.write(f"{len(folders)} snapshots, {len(found)} findings\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
