-- official totals by province (or for the country), from the seed and from the operator's file
{% set statistics_file = var('statistics_file', none) %}
with told as (
    select
        statistic,
        indicator_id,
        report_year,
        region,
        value,
        unit,
        source
    from {{ ref('published_statistics') }}
    {% if statistics_file %}
        union all
        select
            sets.statistic,
            sets.indicator_id,
            sets.report_year,
            part.key as region,
            try_cast(part.value as double) as value,
            file.content ->> ('$.' || sets.statistic || '.unit') as unit,
            file.content ->> ('$.' || sets.statistic || '.source') as source
        from {{ ref('published_statistic_sets') }} as sets
        cross join (
            select content::json as content from read_text('{{ statistics_file | replace("'", "''") }}')
        ) as file
        cross join json_each(file.content, '$.' || sets.statistic || '.values') as part
        where sets.split = 'region'
        union all
        select
            sets.statistic,
            sets.indicator_id,
            sets.report_year,
            '全国' as region,
            try_cast(file.content ->> ('$.' || sets.statistic || '.total') as double) as value,
            file.content ->> ('$.' || sets.statistic || '.unit') as unit,
            file.content ->> ('$.' || sets.statistic || '.source') as source
        from {{ ref('published_statistic_sets') }} as sets
        cross join (
            select content::json as content from read_text('{{ statistics_file | replace("'", "''") }}')
        ) as file
    {% endif %}
)

select
    told.*,
    region.region_code
from told
left join {{ ref('int_division_as_of_year') }} as region
    on
        told.region in (region.name, region.short_name)
        and region.level in ('country', 'province')
        and told.report_year = region.year
where told.value is not null
