"""Data sets for the gates: a sound night in which no rule trips, and for every rule what must be done to trip it."""

AS_OF = "2022-10-26"  # a Wednesday; eight working days lie between the first bundle and it

SOUND = """
create schema raw; create schema staging; create schema intermediate; create schema marts;
create table raw.frame_sub_sls as
    select date '2022-10-01' as snapshot_day, printf('3573010001%04d00', i) as idsubsls, '60' as expected_families
    from range(60) as t (i);
create table raw.frame_staff as
    select date '2022-10-01' as snapshot_day, 'P' || i as staff_id, 'PPL' as role, '3573' as kab_code
    from range(40) as t (i);
create table raw.frame_assignments as select snapshot_day, idsubsls, 'P1' as enumerator_id from raw.frame_sub_sls;
create table raw.bundles as
    select cast(d as date) as arrival_day, 'b' || i as bundle_name, cast(d as date) as named_field_day
    from generate_series(date '2022-10-17', date '2022-10-26', interval 1 day) as days (d), range(30) as t (i)
    where isodow(d) <> 7;
create table raw.bundle_findings as
    select date '2022-10-26' as arrival_day, 'b0' as bundle_name, 'NOT_A_ZIP' as reason
    union all
    select date '2022-10-26', 'b' || i, reason
    from range(30) as t (i), (values ('UNKNOWN_COLUMN'), ('OTHER_KAB'), ('UNKNOWN_VALUE')) as w (reason);
create table staging.stg_field__documents as
    select
        date '2022-10-25' + cast(i // 400 as integer) as arrival_day, 'b' || i % 30 as bundle_name,
        'id' || i as submission_id, '1' as revision, 'id' || i as document_id, 1 as revision_number,
        false as is_tombstone, date '2022-10-25' as r201, 1 + i % 300 as r109, 1 as r110,
        case when i % 20 = 0 then 4 else 1 end as r205, 1 + i % 3 as r111, 1 + i % 5 as r112, 60 as r302,
        1 as r301a, 2 as r303, 1 as r304, 2 as r305, 3 as r306a, 1 as r307a, 4 as r308, 1 as r309a, 1 as r310,
        2 as r501a, 2 as r502a, 3 as r505, 2 as r506
    from range(800) as t (i);
create table raw.documents as
    select cast(columns(* exclude (arrival_day)) as varchar), arrival_day, 'SITI UJI' as r108, '35' as r101,
        '73' as r102, '010' as r103, '001' as r104, '000100' as r105, '2022-10-25T08:00:00+07:00' as ended_at
    from staging.stg_field__documents;
create table staging.stg_field__persons as
    select
        d.arrival_day, d.bundle_name, d.submission_id, d.revision, line as r401,
        printf('35%04d0101809%03d', cast(d.document_id[3:] as integer), line) as r403,
        case when line = 4 and d.r109 % 10 = 0 then 3 else 1 end as r404, 2 as r405, 1 as r406d, 1 as r406m,
        1980 as r406y, 42 as r407, 1 as r408, 3 as r409, 4 as r411, 1 as r412, 1 as r416a, 1 as r418, 2 as r420a,
        1 as r430
    from staging.stg_field__documents as d, range(1, 5) as t (line);
create table raw.persons as
    select cast(columns(* exclude (arrival_day)) as varchar), arrival_day from staging.stg_field__persons;
create table intermediate.int_documents__fate as
    select date '2022-10-26' as arrival_day, '3573010001000100' as idsubsls, i as r109, 1 as r110, 1 as r205,
        'accepted' as outcome, cast(null as varchar) as reason
    from range(400) as t (i);
create table intermediate.int_bundles__fate as
    select date '2022-10-26' as arrival_day, 'accepted' as outcome from range(30);
create table marts.progress_area_daily as
    select level as area_level, date '2022-10-26' as field_day, 0.5 as coverage_share, 100 as expected_families,
        30 as enumerated_families_cumulative, date '2022-10-26' as as_of
    from (values ('province'), ('sub_sls')) as t (level);
create table marts.upload_accounting as
    select level as unit_level, date '2022-10-26' as arrival_day, 400 as received, 390 as accepted, 4 as held,
        2 as superseded, 2 as duplicate, 2 as rejected, date '2022-10-26' as as_of
    from (values ('bundle'), ('enumerator'), ('desa'), ('kecamatan'), ('kab_kota')) as t (level);
create table marts.family_welfare as
    select 1 + i % 10 as decile_family_province, 0 as missing_inputs, null::varchar as unscored_reason,
        date '2022-10-26' as as_of
    from range(100) as t (i);
create table raw.programmes_recipients as
    select day as snapshot_day, 'PKH' as programme from (values (date '2022-09-01'), (date '2022-10-01')) as d (day),
        range(200);
create table marts.programme_list as select 'PKH' as programme, 200 as listed_lines, 199 as usable_lines;
create table marts.consultation_result as
    select case when i < 2 then 'unknown_family' else 'applied' end as status from range(40) as t (i);
create table marts.eligible_unserved as select 'PKH' as programme from range(30);
create table marts.ineligible_served as select 'PKH' as programme from range(20);
create table marts.programme_targeting_error as
    select level as area_level, 'PKH' as programme, 'own_rule' as cut_off, 'all' as group_kind,
        30 as eligible_unserved_families, 20 as ineligible_served_families, 0.6 as exclusion_error,
        0.5 as exclusion_error_low, 0.7 as exclusion_error_high, 0.2 as inclusion_error, 0.4 as leakage,
        date '2022-10-26' as as_of
    from (values ('province'), ('kab_kota')) as t (level);
create table marts.coverage_area as
    select level as area_level, 4000 as residents, 3900 as residents_with_valid_nik, 3800 as residents_in_register,
        4100 as persons_written, 4100 as persons_with_presence, 4200 as prelist_persons, 3700 as persons_confirmed,
        50 as persons_dead, 50 as persons_moved, 50 as persons_not_found, 50 as persons_family_not_reached,
        290 as persons_not_yet_visited, 10 as persons_ambiguous, date '2022-10-10' as register_snapshot_day,
        date '2022-10-26' as as_of
    from (values ('province'), ('kab_kota'), ('kecamatan'), ('desa'), ('sub_sls')) as t (level);
create table intermediate.int_events__current as select 'flood' as event_id;
create table marts.shock_affected_family as
    select 'flood' as event_id, i < 40 as is_hit, date '2022-10-26' as as_of from range(45) as t (i);
create table marts.shock_caseload as
    select 'flood' as event_id, level as area_level, decile, 40 as hit_families, 120 as hit_persons, 30 as families_low,
        90 as persons_low, 60 as families_high, 180 as persons_high, 38 as footprint_families, 12 as affected_families,
        case when level = 'province' and decile = 'all' then 100 end as listed_persons,
        case when level = 'province' and decile = 'all' then 6 end as unmatched_persons, date '2022-10-26' as as_of
    from (values ('province', 'all'), ('province', '1'), ('desa', 'all')) as t (level, decile);
create table marts.shock_finding as select 'flood' as event_id, 'kept' as outcome;
"""

TONIGHT = "where arrival_day = '2022-10-26'"


def emptied(table: str, *columns: str, where: str = "") -> str:
    """Empty answers of a tenth of tonight's rows."""
    emptying = ", ".join(f"{column} = null" for column in columns)
    return f"update {table} set {emptying} {TONIGHT} {where or 'and hash(submission_id) % 10 = 0'}"


def changed(table: str, setting: str, where: str = "hash(submission_id) % 3 = 0") -> str:
    """Change a third of tonight's rows."""
    return f"update {table} set {setting} {TONIGHT} and {where}"


HOUSING = ("r301a", "r303", "r304", "r305", "r306a", "r307a", "r308")
RAW_DOC, RAW_PER = "raw.documents", "raw.persons"
DOC, PER = "staging.stg_field__documents", "staging.stg_field__persons"
PAD, UPA, FWE = "marts.progress_area_daily", "marts.upload_accounting", "marts.family_welfare"
PTE = "marts.programme_targeting_error"
COV = "marts.coverage_area"
CAS = "marts.shock_caseload"
FATE = "intermediate.int_documents__fate"
ABOVE_THE_LIST = f"update {PAD} set coverage_share = 1.06 where area_level = 'province';"

TRIPS = {
    "RAW-FRM-01": "delete from raw.frame_sub_sls",
    "RAW-FRM-02": "insert into raw.frame_sub_sls values ('2022-10-01', '3,57301E+15', '60')",
    "RAW-FRM-03": "update raw.frame_sub_sls set snapshot_day = '2022-07-01';"
    "update raw.frame_staff set snapshot_day = '2022-07-01';"
    "update raw.frame_assignments set snapshot_day = '2022-07-01'",
    "RAW-STF-01": "update raw.frame_staff set role = 'PML'",
    "RAW-STF-02": "update raw.frame_staff set kab_code = null where staff_id = 'P7'",
    "RAW-ASG-01": "delete from raw.frame_assignments",
    "RAW-ASG-02": "delete from raw.frame_assignments where idsubsls like '%100' or idsubsls like '%200'",
    "RAW-BND-01": "insert into raw.bundle_findings select '2022-10-26', 'b' || i, 'BAD_CSV' from range(2, 9) as t (i)",
    "RAW-BND-02": f"delete from raw.bundles {TONIGHT}",
    "RAW-BND-03": f"delete from raw.bundles {TONIGHT} and bundle_name > 'b20'",
    "RAW-BND-04": "delete from raw.bundles where arrival_day >= '2022-10-24'",
    "RAW-BND-05": "insert into raw.bundles select '2022-10-26', 'c' || i, '2022-10-26' from range(40) as t (i)",
    "RAW-BND-06": f"update raw.bundles set named_field_day = '2022-10-20' {TONIGHT} and bundle_name > 'b2'",
    "RAW-DOC-01": emptied(RAW_DOC, "submission_id"),
    "RAW-DOC-02": emptied(RAW_DOC, "r108"),
    "RAW-DOC-03": emptied(RAW_DOC, "r105", where="and hash(submission_id) % 5 = 0"),
    "RAW-DOC-04": emptied(RAW_DOC, "r110"),
    "RAW-DOC-05": emptied(RAW_DOC, "r205"),
    "RAW-DOC-06": emptied(RAW_DOC, "ended_at", where="and hash(submission_id) % 5 = 0"),
    "RAW-PER-01": changed(RAW_PER, "submission_id = 'nobody' || r401 || r403"),
    "RAW-PER-02": changed(RAW_PER, "r401 = '01'", "r401 = '2' and hash(submission_id) % 3 = 0"),
    "RAW-PER-03": emptied(RAW_PER, "r401"),
    "STG-DOC-01": emptied(DOC, "r112") + ";" + emptied(RAW_DOC, "r112"),
    "STG-DOC-02": emptied(DOC, *HOUSING) + ";" + emptied(RAW_DOC, *HOUSING),
    "STG-DOC-03": emptied(DOC, "r501a") + ";" + emptied(RAW_DOC, "r501a"),
    "STG-DOC-04": emptied(DOC, "r502a") + ";" + emptied(RAW_DOC, "r502a"),
    "STG-DOC-05": emptied(DOC, "r505") + ";" + emptied(RAW_DOC, "r505"),
    "STG-DOC-06": emptied(DOC, "r506") + ";" + emptied(RAW_DOC, "r506"),
    "STG-DOC-07": changed(DOC, "r303 = 77, r304 = 77, r305 = 77"),
    "STG-DOC-08": changed(DOC, "r109 = null, r110 = null", "true"),
    "STG-DOC-09": changed(DOC, "r201 = '2022-10-27'"),
    "STG-DOC-10": changed(DOC, "document_id = 'id' || (document_id[3:]::int - 400)"),
    "STG-DOC-11": changed(DOC, "r205 = 3"),
    "STG-DOC-12": changed(DOC, "r111 = 1", "true"),
    "STG-DOC-13": changed(DOC, "r112 = 1", "true"),
    "STG-PER-01": emptied(PER, "r404") + ";" + emptied(RAW_PER, "r404"),
    "STG-PER-02": emptied(PER, "r405") + ";" + emptied(RAW_PER, "r405"),
    "STG-PER-03": emptied(PER, "r407") + ";" + emptied(RAW_PER, "r407"),
    "STG-PER-04": emptied(PER, "r409") + ";" + emptied(RAW_PER, "r409"),
    "STG-PER-05": changed(PER, "r408 = 9, r409 = 9, r412 = 9"),
    "STG-PER-06": changed(PER, "r408 = null, r412 = null, r416a = null"),
    "STG-PER-07": changed(PER, "r403 = repeat('9', 16)"),
    "STG-PER-08": changed(PER, "r403 = null"),
    "STG-PER-09": changed(PER, "r403 = printf('35%04d0101809%03d', submission_id[3:]::int - 400, r401)"),
    "STG-PER-10": changed(PER, "r404 = 6"),
    "MART-PAD-01": f"delete from {PAD}",
    "MART-PAD-02": ABOVE_THE_LIST,
    "MART-PAD-03": f"update {PAD} set coverage_share = 1.26 where area_level = 'sub_sls'",
    "MART-PAD-04": f"update {PAD} set enumerated_families_cumulative = 29 where area_level = 'sub_sls'",
    "MART-PAD-05": f"{ABOVE_THE_LIST} update {FATE} set arrival_day = '2022-10-25'",
    "MART-PAD-06": f"update {PAD} set as_of = '2022-10-25'",
    "MART-UPA-01": f"update {UPA} set accepted = 389",
    "MART-UPA-02": f"update {UPA} set rejected = 62, accepted = 330",
    "MART-UPA-03": f"update {UPA} set held = 104, accepted = 290",
    "MART-UPA-04": f"update {UPA} set received = 399, accepted = 389 where unit_level = 'enumerator'",
    "MART-UPA-05": f"update {UPA} set held = 34, accepted = 360",
    "MART-UPA-06": "insert into intermediate.int_bundles__fate select '2022-10-26', 'rejected' from range(10)",
    "MART-UPA-07": f"update {UPA} set as_of = '2022-10-25' where unit_level = 'desa'",
    "MART-FWE-01": f"update {FWE} set decile_family_province = 11 where decile_family_province = 10",
    "MART-FWE-02": f"update {FWE} set missing_inputs = 1 where decile_family_province < 3",
    "MART-FWE-03": f"update {FWE} set as_of = '2022-10-25'",
    "MART-PTE-01": f"update {PTE} set leakage = 1.1 where area_level = 'kab_kota'",
    "MART-PTE-02": "delete from marts.eligible_unserved",
    "MART-PTE-03": "delete from raw.programmes_recipients",
    "MART-PTE-04": "delete from raw.programmes_recipients where snapshot_day = '2022-10-01' and hash(rowid) % 2 = 0",
    "MART-PTE-05": "update marts.programme_list set usable_lines = 190",
    "MART-PTE-06": "update marts.consultation_result set status = 'bad_group' where rowid % 2 = 0",
    "MART-PTE-07": f"update {PTE} set as_of = '2022-10-25'",
    "MART-COV-01": f"update {COV} set persons_dead = 49 where area_level = 'desa'",
    "MART-COV-02": f"update {COV} set residents = 3999 where area_level = 'sub_sls'",
    "MART-COV-03": f"update {COV} set residents_with_valid_nik = 3100, residents_in_register = 3000",
    "MART-COV-04": f"update {COV} set residents_in_register = 3400",
    "MART-COV-05": f"update {COV} set persons_with_presence = 4000",
    "MART-COV-06": f"update {COV} set persons_ambiguous = 100, persons_confirmed = 3610",
    "MART-COV-07": f"update {COV} set register_snapshot_day = '2022-06-01'",
    "MART-COV-08": f"update {COV} set as_of = '2022-10-25'",
    "SHOCK-CAS-01": "insert into intermediate.int_events__current values ('quake')",
    "SHOCK-CAS-02": f"update {CAS} set hit_families = 39 where area_level = 'desa'",
    "SHOCK-CAS-03": "insert into marts.shock_affected_family values ('flood', true, '2022-10-26')",
    "SHOCK-CAS-04": f"update {CAS} set families_low = 41 where area_level = 'desa'",
    "SHOCK-CAS-05": f"update {CAS} set unmatched_persons = 26 where listed_persons > 0",
    "SHOCK-CAS-06": "insert into marts.shock_finding values ('quake', 'event_left_out')",
    "SHOCK-CAS-07": f"update {CAS} set as_of = '2022-10-25' where area_level = 'desa'",
}

# What cannot be broken alone: silence is also a night without a bundle, and so on. The first rule says the cause.
TRIP_TOO = {
    "RAW-FRM-01": {"RAW-STF-01", "RAW-ASG-01"},
    "RAW-ASG-01": {"RAW-ASG-02"},
    "RAW-BND-04": {"RAW-BND-02"},
    "RAW-DOC-01": {"RAW-PER-01"},
    "STG-PER-07": {"STG-PER-08"},
    "MART-UPA-03": {"MART-UPA-05"},
}
