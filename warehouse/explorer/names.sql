-- every body for finding it by name: id, name, region, reports, last year
select
    'names.json.gz' as file,
    null as key,
    to_json(list([
        to_json(publisher_id), to_json(name), to_json(region_name), to_json(reports), to_json(last_report_year)
    ] order by reports desc, publisher_id)) as doc
from dim_publisher
