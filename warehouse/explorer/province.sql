-- the bodies of a province with what became of each year: id, name, region, level, kind, reports, years
with years as (
    select publisher_id, list([report_year::varchar, status] order by report_year) as items
    from rpt_coverage
    group by publisher_id
)

select
    'province/' || coalesce(publisher.province_code, 'unknown') || '.json.gz' as file,
    null as key,
    to_json(list([
        to_json(publisher.publisher_id), to_json(publisher.name), to_json(publisher.region_name),
        to_json(publisher.level), to_json(publisher.kind), to_json(publisher.reports),
        to_json(coalesce(years.items, []))
    ] order by publisher.region_code, publisher.kind != 'government', publisher.publisher_id)) as doc
from dim_publisher as publisher
left join years on publisher.publisher_id = years.publisher_id
group by file
order by file
