-- who reported, by province, year and kind of body; for governments also against every division that there was
with bodies as (
    select
        coverage.*,
        publisher.kind,
        report.has_achievements,
        report.has_problems,
        report.has_leadership,
        report.has_plan,
        report.has_other
    from {{ ref('rpt_coverage') }} as coverage
    inner join {{ ref('dim_publisher') }} as publisher on coverage.publisher_id = publisher.publisher_id
    left join {{ ref('fct_report') }} as report on coverage.report_id = report.report_id
    where coverage.province_code is not null
),

counted as (
    select
        province_code,
        report_year,
        kind,
        count(*) as expected,
        count(*) filter (where status in ('published', 'late')) as published,
        count(*) filter (where timeliness = 'on_time') as on_time,
        count(*) filter (where status = 'late') as late,
        count(*) filter (where timeliness = 'unknown') as undated,
        count(*) filter (where status = 'missing') as missing,
        count(*) filter (where status = 'blocked') as blocked,
        median(days_late) filter (where status = 'late') as median_days_late,
        count(*) filter (where has_achievements is not null) as read_reports,
        count(*) filter (where not has_achievements) as without_achievements,
        count(*) filter (where not has_problems) as without_problems,
        count(*) filter (where not has_leadership) as without_leadership,
        count(*) filter (where not has_plan) as without_plan,
        count(*) filter (where not has_other) as without_other
    from bodies
    group by province_code, report_year, kind
),

division as (
    select
        province_code,
        year,
        count(*) as divisions
    from {{ ref('dim_region') }}
    where level in ('province', 'prefecture', 'county')
    group by province_code, year
)

select
    counted.province_code || ':' || counted.report_year || ':' || counted.kind as coverage_id,
    counted.province_code,
    province.name as province_name,
    counted.report_year,
    counted.kind,
    counted.expected::integer as expected,
    counted.published::integer as published,
    round(100.0 * counted.published / counted.expected, 2)::double as published_percent,
    counted.on_time::integer as on_time,
    counted.late::integer as late,
    counted.undated::integer as undated,
    counted.missing::integer as missing,
    counted.blocked::integer as blocked,
    counted.median_days_late::double as median_days_late,
    counted.read_reports::integer as read_reports,
    counted.without_achievements::integer as without_achievements,
    counted.without_problems::integer as without_problems,
    counted.without_leadership::integer as without_leadership,
    counted.without_plan::integer as without_plan,
    counted.without_other::integer as without_other,
    case when counted.kind = 'government' then division.divisions end::integer as divisions,
    case when counted.kind = 'government' then round(100.0 * counted.published / division.divisions, 2) end::double
        as published_percent_of_divisions
from counted
left join {{ ref('dim_region') }} as province
    on counted.province_code = province.region_code and counted.report_year = province.year
left join division on counted.province_code = division.province_code and counted.report_year = division.year
order by counted.province_code, counted.report_year, counted.kind
