"""Names as East Javanese bear them: capitals, often one word, made of words of the reference list."""

import numpy as np
import polars as pl

from include.simulation.draws import Draws, Ints
from include.simulation.reference_data import common_first_words, name_words

_COMMON_FIRST_WORD_SHARE = 0.25
_MISSPELT_SHARE = 0.03
_MALE, _FEMALE = 1, 2


def full_names(draws: Draws, keys: Ints, sex: Ints, age: Ints) -> pl.Series:
    """One name a person; one word is commoner among the old."""
    first = _first_words(draws, keys, sex)
    second, third = (_words(draws, f"name word {place}", keys, sex, first=False) for place in (2, 3))
    word_count = draws.uniform("name words", keys)
    has_second = word_count > np.where(age >= 45, 0.6, 0.3)
    has_third = word_count > np.where(age >= 45, 0.96, 0.85)
    frame = pl.DataFrame({"a": first, "b": second, "c": third, "two": has_second, "three": has_third})
    tail = pl.when("two").then(" " + pl.col("b")).otherwise(pl.lit("")) + pl.when("three").then(
        " " + pl.col("c")
    ).otherwise(pl.lit(""))
    return frame.select((pl.col("a") + tail).alias("name"))["name"]


def _first_words(draws: Draws, keys: Ints, sex: Ints) -> pl.Series:
    plain = _words(draws, "name word 1", keys, sex, first=True)
    is_common = draws.happens("common name", keys, _COMMON_FIRST_WORD_SHARE)
    words = [*common_first_words(_MALE)]
    tables: list[dict[int, float]] = [
        {place: float(count) for place, count in enumerate(common_first_words(code).values())}
        for code in (_MALE, _FEMALE)
    ]
    place = draws.choice_by("which common name", keys, sex - 1, tables)
    frame = pl.DataFrame({"plain": plain, "common": pl.Series(words).gather(place), "is_common": is_common})
    return frame.select(pl.when("is_common").then("common").otherwise("plain").alias("word"))["word"]


def _words(draws: Draws, question: str, keys: Ints, sex: Ints, *, first: bool) -> pl.Series:
    male, female = name_words(_MALE, first=first), name_words(_FEMALE, first=first)
    chance = draws.uniform(question, keys)
    place = np.where(sex == _MALE, chance * len(male), len(male) + chance * len(female)).astype(np.int64)
    return pl.concat([male, female]).gather(place)


def as_heard(draws: Draws, keys: Ints, names: pl.Series) -> pl.Series:
    """Names as an enumerator writes them: now and then spelt another way (old spelling, a letter lost)."""
    is_other = draws.happens("misspelt", keys, _MISSPELT_SHARE)
    manner = draws.between("misspelling", keys, 0, 3)
    name = pl.col("name")
    spellings = [
        name.str.replace("U", "OE", literal=True),
        name.str.replace("I", "Y", literal=True),
        name.str.replace("H", "", literal=True),
        name.str.head(-1),
    ]
    written = name
    for code, spelling in enumerate(spellings):
        written = pl.when(pl.col("other") & (pl.col("manner") == code)).then(spelling).otherwise(written)
    frame = pl.DataFrame({"name": names, "other": is_other, "manner": manner})
    tidy = written.str.strip_chars().str.replace_all("  ", " ", literal=True)
    return frame.select(pl.when(tidy.str.len_chars() >= 2).then(tidy).otherwise(name).alias("name"))["name"]
