"""A landing zone of four days in which everything that can go back to the field does, and most of it is answered."""

from include.contract import FAMILY_MEMBER, PERSON_MEMBER
from tests.builders import NEIGHBOUR, LandingZone, bundle_bytes, csv_bytes, family, person
from tests.field_tools import odk_central
from tests.warehouse.test_corrections import LOG_COLUMNS, correction

DAYS = ("2022-10-15", "2022-10-16", "2022-10-17", "2022-10-18")
FIRST, SECOND, THIRD, LAST = DAYS
NIK = "357301" + "550680" + "9123"
PHONE = "0800000" + "4711"
NAME = "SRI RAHASIA WULANDARI"
SECRETS = (NIK, PHONE, NAME)
EARLY, LATE = f"{FIRST}T09:00:00+07:00", f"{FIRST}T15:00:00+07:00"


def clean(number: int, **changes: str) -> dict[str, str]:
    """A family that breaks no rule, visited on the first day."""
    kk = f"357301010110{9000 + number}"
    day = {"r201": FIRST, "started_at": f"{FIRST}T08:00:00+07:00", "ended_at": EARLY}
    return family(number, **({"r114": kk, "r115": "0"} | day | changes))


def furnish(zone: LandingZone) -> None:
    """Each story has its own families, so none touches another; numbers in tens by story (test_loop.py)."""
    zone.with_frame()
    _bundles(zone)
    _rules(zone)
    _corrections(zone)
    _rejections(zone)
    _one_family_twice(zone)
    for name, content in odk_central([clean(60, r302="998")], [person(60)]).items():
        zone.write(f"exports/{FIRST}/odk_central_k/{name}", content)


def _bundles(zone: LandingZone) -> None:
    """1 comes in a bundle that was edited on its way, and in the next of that field day; 2 under a wrong name first."""
    edited = {member: {"sha256": "0" * 64, "rows": 1} for member in (FAMILY_MEMBER, PERSON_MEMBER)}
    zone.send([clean(1)], day=FIRST, enumerator=NEIGHBOUR, files=edited)
    zone.send([clean(1)], day=FIRST, enumerator=NEIGHBOUR, sequence=2, arrival=THIRD)
    misnamed = bundle_bytes([clean(2)], enumerator_id=NEIGHBOUR)
    zone.write(f"uploads/{FIRST}/kiriman hari ini.zip", misnamed)
    zone.write(f"uploads/{THIRD}/3573_{NEIGHBOUR}_{FIRST.replace('-', '')}_03.zip", misnamed)


def _rules(zone: LandingZone) -> None:
    """10 is mended, 11 is not, 12 is only doubted, 13 has its fault on a person's line."""
    named = {"r108": NAME, "r206": PHONE}
    persons = [person(10), person(11), person(12), person(13), person(13, 2, r402=NAME, r403=NIK, r409="3", r416b="")]
    sent = [clean(10, r302="998"), clean(11, r302="998", **named), clean(12, r111="2", r303="1"), clean(13, r112="2")]
    zone.send(sent, persons, day=FIRST)
    mended = [clean(10, r302="98", revision="2"), clean(11, r302="999", revision="2", **named)]
    zone.send(mended, day=FIRST, sequence=2, arrival=THIRD)


def _corrections(zone: LandingZone) -> None:
    """20: mended by a correction; 21: stale, then decided anew; 22: stale for good; 23: already as decided."""
    numbers = (20, 21, 22, 23)
    zone.send([clean(n, r302="998" if n == 20 else "60") for n in numbers], day=FIRST, sequence=3)
    decided = [
        correction(20, "r302", "998", "98"), correction(21, "r302", "61", "45"),
        correction(22, "r402", NAME, "SITI", line="1"), correction(23, "r302", "6", "60"),
    ]  # fmt: skip
    decided = [line | {"decided_at": f"{SECOND}T08:00:00+07:00"} for line in decided]
    zone.write(f"corrections/{SECOND}/corrections.csv", csv_bytes(decided, LOG_COLUMNS))
    anew = [correction(21, "r302", "60", "45")]
    zone.write(f"corrections/{THIRD}/corrections.csv", csv_bytes(anew, LOG_COLUMNS))


def _rejections(zone: LandingZone) -> None:
    """30: a damaged code; 31: a line twice; 32: a person alone; 33: a conflict; 34: an id that is none."""
    sent = [clean(30, r105="100"), clean(31), clean(33), clean(34, submission_id="DOKUMEN 34")]
    twice, alone = person(31, r402="BUDI UJI", r403=NIK), person(32, 3, r402=NAME)
    of_34 = person(34, submission_id="DOKUMEN 34")
    zone.send(sent, [person(30), person(31), twice, person(33), of_34, alone], day=FIRST, sequence=4)
    zone.send([clean(33, r302="70")], day=FIRST, sequence=5, arrival=SECOND)
    answers = [clean(n, revision="2") for n in (30, 31, 33)] + [clean(32), clean(34)]
    zone.send(answers, day=FIRST, sequence=6, arrival=THIRD)


def _one_family_twice(zone: LandingZone) -> None:
    """40 breaks a rule and loses the family to 41, which is withdrawn on the third day."""
    rival = clean(41, r109="40", r110="40", ended_at=LATE)
    zone.send([clean(40, r302="998"), rival], day=FIRST, sequence=7)
    zone.send([rival | {"revision": "2", "is_deleted": "1"}], day=FIRST, sequence=8, arrival=THIRD)
