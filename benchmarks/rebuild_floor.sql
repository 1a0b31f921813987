-- The floor of a full rebuild (design §6): the least SQL that yields a family score, deciles, area and enumerator
-- aggregates and 13 rules from typed Parquet. One revision a family, no copies, no corrections, no history, no texts.
create table scores as
with people as (
    select
        submission_id,
        count(*) as residents,
        count(case when r409 = 1 then 1 end) as heads,
        count(case when r407 < 15 or r407 > 64 then 1 end) as dependants,
        count(case when r407 between 15 and 64 then 1 end) as workers,
        count(case when r407 < 5 then 1 end) as age04,
        count(case when r412 = 2 and r413 between 1 and 5 then 1 end) as eschild,
        count(case when r412 = 2 and r413 between 6 and 10 then 1 end) as jschild,
        count(case when r412 = 2 and r413 between 11 and 17 then 1 end) as sschild,
        max(case when r409 = 1 then r407 end) as hhage,
        max(case when r409 = 1 and r405 = 1 then 1 else 0 end) as hhmale,
        max(case when r409 = 1 and r408 = 2 then 1 else 0 end) as hhmarried,
        max(case when r409 = 1 then r415 end) as head_certificate,
        max(case when r409 = 1 and r416a = 1 then r418 end) as head_status,
        max(case when r409 = 1 and r416a = 1 then r417 end) as head_sector,
        max(case when r431c = 1 or r431d = 1 then 1 else 0 end) as credit,
        -- five rules of persons
        count(case when r403 is not null and length(r403) <> 16 then 1 end) as p01,
        count(case when r405 is null or r406y is null or r407 is null or r408 is null or r409 is null then 1 end) as p02,
        count(case when (r410 is not null) <> (r405 = 2 and r407 between 10 and 54 and r408 > 1) then 1 end) as p03,
        count(case when r407 >= 5 and (r413 is not null) <> (r412 in (2, 3)) then 1 end) as p04,
        count(case when (r417 is not null) <> (r416a = 1) then 1 end) as p05
    from persons
    where r404 in (1, 5)
    group by submission_id
)

select
    f.submission_id,
    f.idsubsls,
    f.r202,
    f.r201,
    coalesce(p.residents, 0) as residents,
    f.r205,
    6.18 + 0.00286 * coalesce(f.r302 / p.residents, 26.4) - 0.01141 * (f.r303 <> 8)::integer
    + 0.09563 * (f.r304 = 1)::integer + 0.03658 * (f.r305 in (1, 2))::integer + 0.03659 * (f.r309a = 1)::integer
    - 0.00474 * (f.r306a in (1, 2, 3, 4, 5, 7))::integer + 0.00918 * (f.r307a in (1, 2))::integer
    + 0.07873 * (f.r308 = 10)::integer + 0.03204 * (f.r301a = 1)::integer - 0.33475 * p.residents + 0.00788 * p.hhage
    + 0.05874 * p.hhmale + 0.08453 * p.hhmarried - 0.01442 * p.age04
    - 0.04509 * p.dependants / greatest(p.workers, 1) - 0.03285 * p.eschild + 0.02626 * p.jschild
    - 0.00259 * p.sschild + 0.07242 * coalesce(p.head_certificate between 11 and 22, false)::integer
    - 0.24514 * coalesce(p.head_status in (3, 4, 5), false)::integer
    - 0.25409 * coalesce(p.head_status in (1, 2, 6, 7, 8), false)::integer
    + 0.18421 * coalesce(p.head_sector between 1 and 6, false)::integer
    + 0.19154 * coalesce(p.head_sector between 7 and 11, false)::integer
    + 0.20246 * coalesce(p.head_sector > 11, false)::integer + 0.03138 * p.credit
    + 0.38706 * (f.r502c = 1)::integer + 0.23606 * (f.r502h = 1)::integer + 0.13411 * (f.r502a = 1)::integer
    + 0.17715 * (f.r502b = 1)::integer - 0.00398 * (f.r502j = 1)::integer + 0.18347 * (f.r502i = 1)::integer
    + 0.35551 * (f.r502k = 1)::integer + 0.13003 * (f.r502n = 1)::integer - 0.06566 * (f.r504a + f.r504b > 0)::integer
    + 0.02021 * p.residents * p.residents - 0.00008 * p.hhage * p.hhage as score,
    -- eight rules of families
    [
        f.r108 is null, f.r114 is not null and length(f.r114) <> 16, f.r302 not between 1 and 997,
        (f.r301b is not null) <> (f.r301a = 1), (f.r307b1 is not null) <> (f.r307a = 1), f.r310 is null, f.r112 <> p.residents,
        p.heads <> 1, p.p01 > 0, p.p02 > 0, p.p03 > 0, p.p04 > 0, p.p05 > 0
    ] as broken
from families as f
left join people as p on f.submission_id = p.submission_id;

create table deciles as
select
    submission_id,
    ntile(10) over (order by score, md5(submission_id)) as decile_province,
    ntile(10) over (partition by substr(idsubsls, 1, 4) order by score, md5(submission_id)) as decile_kab
from scores
where residents > 0;

create table area_days as
select
    substr(idsubsls, 1, 4) as kab_code,
    substr(idsubsls, 1, 7) as kecamatan_code,
    substr(idsubsls, 1, 10) as desa_code,
    idsubsls,
    r201,
    count(*) as documents,
    count(case when r205 in (1, 2) then 1 end) as enumerated,
    sum(residents) as persons
from scores
group by rollup (kab_code, kecamatan_code, desa_code, idsubsls), r201;

create table enumerator_days as
select
    r202,
    r201,
    count(*) as documents,
    sum(residents) as persons,
    sum(count(*)) over (partition by r202 order by r201) as documents_cumulative
from scores
group by r202, r201;

create table flags as
select
    substr(idsubsls, 1, 4) as kab_code,
    count(case when broken[1] then 1 end) as rule_1,
    count(case when broken[2] then 1 end) as rule_2,
    count(case when broken[3] then 1 end) as rule_3,
    count(case when broken[4] then 1 end) as rule_4,
    count(case when broken[5] then 1 end) as rule_5,
    count(case when broken[6] then 1 end) as rule_6,
    count(case when broken[7] then 1 end) as rule_7,
    count(case when broken[8] then 1 end) as rule_8,
    count(case when broken[9] then 1 end) as rule_9,
    count(case when broken[10] then 1 end) as rule_10,
    count(case when broken[11] then 1 end) as rule_11,
    count(case when broken[12] then 1 end) as rule_12,
    count(case when broken[13] then 1 end) as rule_13
from scores
group by kab_code;
