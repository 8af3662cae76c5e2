-- the sum over the bodies of a province, level by level, beside the official figure
-- a city's report may or may not hold its counties' numbers, so levels are never added up
with official as (
    select * from {{ ref('int_published_statistic') }}
),

stated as (
    select
        yearly.indicator_id,
        yearly.report_year,
        publisher.province_code,
        publisher.level,
        publisher.kind,
        yearly.publisher_id,
        yearly.value,
        yearly.quality_flag
    from {{ ref('fct_indicator_yearly') }} as yearly
    inner join {{ ref('dim_publisher') }} as publisher on yearly.publisher_id = publisher.publisher_id
    where
        publisher.level is not null
        and yearly.indicator_id in (select official.indicator_id from official)
),

division as (
    select
        year,
        level,
        case when level != 'country' then province_code end as province_code,
        count(*) as divisions
    from {{ ref('dim_region') }}
    where level in ('province', 'prefecture', 'county')
    group by year, level, province_code
),

levels as (
    select
        official.*,
        division.level,
        sum(division.divisions) as divisions
    from official
    inner join division
        on
            official.report_year = division.year
            and (official.region_code = division.province_code or official.region_code = '000000')
    group by all
),

summed as (
    select
        levels.*,
        sum(stated.value) filter (where stated.kind = 'government') as government_sum,
        count(stated.publisher_id) filter (where stated.kind = 'government') as governments,
        sum(stated.value) filter (where stated.kind = 'department') as department_sum,
        count(stated.publisher_id) filter (where stated.kind = 'department') as departments,
        count(stated.publisher_id) filter (where stated.quality_flag = 'failed_check') as failed_values
    from levels
    left join stated
        on
            levels.indicator_id = stated.indicator_id
            and levels.report_year = stated.report_year
            and levels.level = stated.level
            and (levels.region_code = stated.province_code or levels.region_code = '000000')
    group by all
)

select
    statistic || ':' || region || ':' || level as comparison_id,
    statistic,
    indicator_id,
    report_year,
    region_code,
    region,
    level,
    value as official_value,
    unit,
    government_sum,
    governments::integer as governments,
    divisions::integer as divisions,
    round(100.0 * governments / divisions, 2)::double as coverage_percent,
    department_sum,
    departments::integer as departments,
    failed_values::integer as failed_values,
    round(100.0 * government_sum / nullif(value, 0), 2)::double as percent_of_official,
    case
        when governments = 0 then 'no_data'
        when government_sum > 1.05 * value then 'exceeds'
        when governments < 0.8 * divisions then 'partial'
        when government_sum < 0.8 * value then 'falls_short'
        else 'agrees'
    end as verdict,
    source
from summed
order by comparison_id
