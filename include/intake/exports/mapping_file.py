"""Read a mapping from its YAML file, and say plainly what is wrong with it: its reader is an operator."""

from pathlib import Path

import yaml
from pydantic import ValidationError

from include.intake.exports.mapping import Mapping
from include.intake.landing import LandingError

PACKAGED = Path(__file__).resolve().parent / "mappings"


class MappingError(LandingError):
    """A mapping cannot be used; the message names the file and the key to correct."""


class _TextLoader(yaml.BaseLoader):
    """Every scalar as text (``yes`` and ``01`` are codes here), and no key twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        """Refuse a repeated key, of which YAML would silently keep the last."""
        names = [key.value for key, _ in node.value]
        repeated = sorted({str(name) for name in names if names.count(name) > 1})
        if repeated:
            raise yaml.constructor.ConstructorError(None, None, f"{', '.join(repeated)} twice", node.start_mark)
        return super().construct_mapping(node, deep)


def mapping_path(folder: Path, mapping_id: str) -> Path | None:
    """Find a mapping's file; ``None`` if the folder has none of that name."""
    path = folder / f"{mapping_id}.yaml"
    return path if path.parent == folder and path.is_file() else None


def read_mapping(path: Path) -> Mapping:
    """Read one mapping.

    Raises:
        MappingError: names the file, and the key or line that is wrong.
    """
    try:
        said = yaml.load(path.read_bytes(), _TextLoader)  # noqa: S506 - derived from BaseLoader, which makes text only
        mapping = Mapping.model_validate(said)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise MappingError(f"mapping {path.name}: {' '.join(str(error).split())}") from None
    except ValidationError as error:
        problems = [
            f"{'.'.join(map(str, e['loc']))}: {e['msg']}".removeprefix(": ")
            for e in error.errors(include_input=False, include_url=False)
        ]
        raise MappingError(f"mapping {path.name}: {'; '.join(problems)}") from None
    if mapping.id != path.stem:
        raise MappingError(f"mapping {path.name}: id: is {mapping.id}, must be the file's name")
    return mapping
