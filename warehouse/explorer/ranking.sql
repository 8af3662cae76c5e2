-- the bodies of an indicator, group and year by value, so many a file: rank, id, name, region, value, approx, flag,
-- report, quantity
with placed as (
    select
        yearly.indicator_id,
        yearly.report_year,
        unnest(['all', coalesce(publisher.level, 'unknown') || '-' || publisher.kind]) as body_group,
        yearly.publisher_id,
        publisher.name,
        publisher.region_name,
        yearly.value,
        yearly.approx,
        yearly.quality_flag,
        yearly.report_id,
        yearly.quantity_id
    from fct_indicator_yearly as yearly
    inner join dim_publisher as publisher on yearly.publisher_id = publisher.publisher_id
    where yearly.indicator_id in (select id from bucket)
),

ranked as (
    select
        *,
        rank() over (groups_of_bodies order by value desc) as place,
        row_number() over (groups_of_bodies order by value desc, publisher_id) as number
    from placed
    window groups_of_bodies as (partition by indicator_id, body_group, report_year)
)

select
    'ranking/' || indicator_id || '/' || body_group || '-' || report_year || '-' || (number - 1) // $page || '.json.gz'
        as file,
    null as key,
    '[' || string_agg(json_array(
        place, publisher_id, name, region_name, value, approx, quality_flag, report_id, quantity_id
    )::varchar, ',' order by number) || ']' as doc
from ranked
group by file
order by file
