"""Who went in, and whether anybody of them stands where nobody may: the values of a landing zone, sought in texts."""

import csv
import html
import io
import re
import zipfile
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from include.publication.scan import shaped
from include.settings import PROJECT

# Columns of the contract that say who somebody is, or where he lives, by what kind of value they hold.
KINDS = {
    "NIK": ("r403", "nik"),
    "KK": ("r114", "no_kk"),
    "name": ("r108", "r402", "name", "head_name"),
    "phone": ("r206",),
    "address": ("r107",),
    "coordinate": ("latitude", "longitude"),
    "document": ("submission_id",),
    "listed family": ("prelist_family_id",),
    "photo": ("photo_sha256",),
    "note": ("notes",),
}
_KIND_OF = {column: kind for kind, columns in KINDS.items() for column in columns}
_OF_WORDS = ("name", "address", "note")  # every other kind is one token
_OF_AREAS = "sub_sls.csv"  # its names and points are an area's
_TRUTH = "_truth"  # what the simulator alone knows
_SHORTEST = 8  # characters of a token: shorter ones tell nobody, as a coordinate of two decimals
_LETTERS_IN_BYTES = 7  # of a name among bytes that are no text: fewer stand in what is encrypted by chance
_NO_TEXT = "\ufffd"  # what bytes that are no UTF-8 are read as
_WORD = re.compile("[0-9A-Z]+")
# Numbers and hashes; coordinates; UUIDs; the prelist's ids of families.
_TOKENS = [
    re.compile(shape)
    for shape in ("[0-9A-Za-z]+", r"-?[0-9]+\.[0-9]+", "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4,12}){4}", "[0-9]{16}-[0-9]+")
]
_PART = re.compile(r"""[^<>"'`,;|=()\[\]{}:\n\t]+""")
# What was written before anybody landed; the simulator's lists of names are no part of a night.
_SOURCES, _NO_SOURCES = ("dags", "dbt_project", "expectations", "include"), PROJECT / "include" / "simulation"
_TEXTS = (".py", ".sql", ".yml", ".yaml", ".csv", ".j2", ".js", ".css", ".md", ".topojson")
Found = set[tuple[str, str]]


@dataclass(frozen=True)
class Identified:
    """Kind by value: numbers and ids; names, addresses and notes of several words; names of one word.

    Those of one word are sought as whole values alone: within a sentence a word is no name.
    """

    tokens: dict[str, str]
    phrases: dict[tuple[str, ...], str]
    single: dict[str, str]

    def __len__(self) -> int:
        """How many values are sought."""
        return len(self.tokens) + len(self.phrases) + len(self.single)

    def sought_in(self, values: Iterable[str]) -> Found:
        """Kind and value of everything that texts hold."""
        text = html.unescape("\n".join(values))
        names = {*self._phrases_in(text.upper()), *self._single_in(text)}
        if _NO_TEXT in text:
            names = {(kind, name) for kind, name in names if len(name) >= _LETTERS_IN_BYTES}
        return names | {*self._tokens_in(text)}

    def without(self, found: Found) -> "Identified":
        """All but some values."""
        left_out = {value for _, value in found}
        return Identified(
            {value: kind for value, kind in self.tokens.items() if value not in left_out},
            {words: kind for words, kind in self.phrases.items() if " ".join(words) not in left_out},
            {value: kind for value, kind in self.single.items() if value not in left_out},
        )

    @cached_property
    def _lengths(self) -> dict[str, set[int]]:
        """By first word, how many words the phrases that begin with it have."""
        lengths: dict[str, set[int]] = {}
        for words in self.phrases:
            lengths.setdefault(words[0], set()).add(len(words))
        return lengths

    def _tokens_in(self, text: str) -> Iterator[tuple[str, str]]:
        for shape in _TOKENS:
            yield from ((self.tokens[token], token) for token in set(shape.findall(text)) & self.tokens.keys())

    def _phrases_in(self, text: str) -> Iterator[tuple[str, str]]:
        words = _WORD.findall(text)
        for place in [n for n, word in enumerate(words) if word in self._lengths]:
            for length in self._lengths[words[place]]:
                phrase = tuple(words[place : place + length])
                if phrase in self.phrases:
                    yield self.phrases[phrase], " ".join(phrase)

    def _single_in(self, text: str) -> Iterator[tuple[str, str]]:
        for part in {part.strip().upper() for part in set(_PART.findall(text))} & self.single.keys():
            yield self.single[part], part


def identified(landing: Path) -> Identified:
    """Every value of a landing zone that says who somebody is: of uploads, frame, register, programmes and events."""
    tokens, phrases, single = {}, {}, {}
    for value, kind in _values(landing):
        words = tuple(_WORD.findall(value.upper()))
        if kind not in _OF_WORDS:
            tokens |= {value: kind} if len(value) >= _SHORTEST else {}
        elif len(words) > 1:
            phrases[words] = kind
        elif value.isalpha():
            single[value.upper()] = kind
    return Identified(tokens, phrases, single)


def in_sources(sought: Identified) -> Found:
    """Values that the project's own sources hold too: words of Indonesian, and dummies that rules and tests name."""
    files = [path for source in _SOURCES for path in (PROJECT / source).rglob("*") if path.is_file()]
    texts = [p.read_text() for p in files if p.suffix in _TEXTS and not p.is_relative_to(_NO_SOURCES)]
    return sought.sought_in(texts)


@dataclass
class Scan:
    """What was read, as how many texts a place, and what was found there: its kind, never the value."""

    places: dict[str, int] = field(default_factory=dict)
    found: set[tuple[str, str]] = field(default_factory=set)
    shaped: list[str] = field(default_factory=list)


def scan(texts: Iterable[tuple[str, list[str]]], sought: Identified, known: Collection[str]) -> Scan:
    """Seek somebody in texts by value, and a number of a person's shape that is none of the ``known`` ones."""
    told = Scan()
    for place, values in texts:
        told.places[place] = len(values)
        told.found |= {(place, kind) for kind, _ in sought.sought_in(values)}
        told.shaped += shaped("", [(place, values)], known)
    return told


def _values(landing: Path) -> Iterator[tuple[str, str]]:
    for name, content in _tables(landing):
        reader = csv.reader(io.StringIO(content.decode("utf-8-sig", errors="replace"), newline=""))
        header = next(reader, [])
        of = [(n, _KIND_OF[column]) for n, column in enumerate(header) if column in _KIND_OF and name != _OF_AREAS]
        for row in reader:
            yield from ((row[n].strip(), kind) for n, kind in of if n < len(row) and row[n].strip())


def _tables(landing: Path) -> Iterator[tuple[str, bytes]]:
    """Every CSV that landed, and every one within a bundle that can be opened."""
    for file in sorted(path for path in landing.rglob("*") if path.is_file() and _TRUTH not in path.parts):
        if zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as bundle:
                yield from ((member, bundle.read(member)) for member in bundle.namelist())
        elif file.suffix == ".csv":
            yield file.name, file.read_bytes()
