-- one document an indicator: definition, and for each group of bodies and year its spread and its provinces.
-- group: all, or level-kind; bins: 1-2-5 steps from zero for numbers of any size, 0 apart; tens for percent
with valued as (
    select
        yearly.indicator_id,
        yearly.report_year,
        yearly.value,
        yearly.quality_flag,
        publisher.province_code,
        unnest(['all', coalesce(publisher.level, 'unknown') || '-' || publisher.kind]) as body_group,
        case
            when yearly.value = 0 then 0
            when indicator.unit = '%' and yearly.value < 0 then floor(yearly.value / 10) * 10
            when indicator.unit = '%' then least(floor((yearly.value - 1e-9) / 10) * 10, 100)
            else sign(yearly.value) * pow(10, floor(log10(abs(yearly.value)))) * case
                when abs(yearly.value) / pow(10, floor(log10(abs(yearly.value)))) >= 5 then 5
                when abs(yearly.value) / pow(10, floor(log10(abs(yearly.value)))) >= 2 then 2
                else 1
            end
        end as bin_from
    from fct_indicator_yearly as yearly
    inner join dim_publisher as publisher on yearly.publisher_id = publisher.publisher_id
    inner join dim_indicator as indicator on yearly.indicator_id = indicator.indicator_id
    where yearly.indicator_id in (select id from bucket)
),

bin as (
    select indicator_id, body_group, report_year, list([bin_from, bodies] order by bin_from) as items
    from (
        select indicator_id, body_group, report_year, bin_from, count(*)::double as bodies
        from valued
        group by all
    )
    group by all
),

province as (
    select
        indicator_id,
        body_group,
        report_year,
        list({'code': province_code, 'bodies': bodies, 'middle': middle, 'sum': total} order by province_code) as items
    from (
        select
            indicator_id,
            body_group,
            report_year,
            coalesce(province_code, '') as province_code,
            count(*) as bodies,
            median(value) as middle,
            sum(value) as total
        from valued
        group by all
    )
    group by all
),

spread as (
    select
        indicator_id,
        body_group,
        report_year,
        count(*) as bodies,
        quantile_cont(value, [0, 0.1, 0.25, 0.5, 0.75, 0.9, 1]) as quantiles,
        sum(value) as total,
        count(*) filter (where quality_flag != 'ok') as flagged
    from valued
    group by all
),

years as (
    select
        spread.indicator_id,
        list({
            'group': spread.body_group, 'year': spread.report_year, 'bodies': spread.bodies,
            'quantiles': spread.quantiles, 'sum': spread.total, 'flagged': spread.flagged,
            'bins': bin.items, 'provinces': province.items
        } order by spread.body_group, spread.report_year) as items
    from spread
    inner join bin
        on spread.indicator_id = bin.indicator_id
        and spread.body_group = bin.body_group
        and spread.report_year = bin.report_year
    inner join province
        on spread.indicator_id = province.indicator_id
        and spread.body_group = province.body_group
        and spread.report_year = province.report_year
    group by spread.indicator_id
)

select
    'indicator/' || indicator.indicator_id || '.json.gz' as file,
    null as key,
    to_json({
        'zh': indicator.name_zh, 'en': indicator.name_en, 'theme': indicator.theme, 'unit': indicator.unit,
        'kind': indicator.kind, 'definition_zh': indicator.definition_zh, 'definition_en': indicator.definition_en,
        'parent': indicator.parent_id, 'total': indicator.total_id, 'numerator': indicator.numerator_id,
        'denominator': indicator.denominator_id, 'since': indicator.since, 'years': coalesce(years.items, [])
    }) as doc
from dim_indicator as indicator
inner join bucket on indicator.indicator_id = bucket.id
left join years on indicator.indicator_id = years.indicator_id
order by indicator.indicator_id
