-- one document: the catalogue, with how much is known of each indicator
with yearly as (
    select
        indicator_id,
        count(*) as known,
        count(distinct publisher_id) as bodies,
        min(report_year) as first_year,
        max(report_year) as last_year
    from fct_indicator_yearly
    group by indicator_id
)

select
    'indicators.json.gz' as file,
    indicator.indicator_id as key,
    to_json({
        'zh': indicator.name_zh, 'en': indicator.name_en, 'theme': indicator.theme, 'unit': indicator.unit,
        'kind': indicator.kind, 'values': coalesce(yearly.known, 0), 'bodies': coalesce(yearly.bodies, 0),
        'first': yearly.first_year, 'last': yearly.last_year
    }) as doc
from dim_indicator as indicator
left join yearly on indicator.indicator_id = yearly.indicator_id
order by indicator.indicator_id
