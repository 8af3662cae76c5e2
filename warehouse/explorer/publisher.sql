-- one document a body: its years, its indicators beside its peers (same kind and level), its checks that do not pass
with peer as (
    select
        publisher.level,
        publisher.kind,
        yearly.indicator_id,
        yearly.report_year,
        median(yearly.value) as middle,
        count(*) as bodies
    from fct_indicator_yearly as yearly
    inner join dim_publisher as publisher on yearly.publisher_id = publisher.publisher_id
    group by publisher.level, publisher.kind, yearly.indicator_id, yearly.report_year
),

yearly as (
    select
        yearly.publisher_id,
        list({
            'indicator': yearly.indicator_id, 'year': yearly.report_year, 'value': yearly.value, 'unit': yearly.unit,
            'approx': yearly.approx, 'flag': yearly.quality_flag, 'report': yearly.report_id,
            'quantity': yearly.quantity_id, 'peer': peer.middle, 'peers': peer.bodies
        } order by yearly.indicator_id, yearly.report_year) as items
    from fct_indicator_yearly as yearly
    inner join dim_publisher as publisher on yearly.publisher_id = publisher.publisher_id
    inner join peer
        on yearly.indicator_id = peer.indicator_id
        and yearly.report_year = peer.report_year
        and publisher.kind = peer.kind
        and publisher.level is not distinct from peer.level
    where yearly.publisher_id in (select id from bucket)
    group by yearly.publisher_id
),

covered as (
    select
        coverage.publisher_id,
        list({
            'year': coverage.report_year, 'status': coverage.status, 'timeliness': coverage.timeliness,
            'published': coverage.published_on, 'days_late': coverage.days_late, 'report': coverage.report_id,
            'reason': coverage.reason, 'title': report.title, 'chars': report.body_chars,
            'quantities': report.quantities, 'mapped': report.mapped_quantities, 'failed': report.failed_checks
        } order by coverage.report_year desc) as items
    from rpt_coverage as coverage
    left join fct_report as report on coverage.report_id = report.report_id
    where coverage.publisher_id in (select id from bucket)
    group by coverage.publisher_id
),

reconciled as (
    select
        publisher_id,
        list({
            'kind': kind, 'verdict': verdict, 'explanation': explanation, 'expected': expected, 'stated': stated,
            'indicator': indicator_id, 'year': report_year, 'report': report_id
        } order by verdict != 'fail', report_year desc, check_id) as items
    from rpt_reconciliation
    where verdict != 'pass' and publisher_id in (select id from bucket)
    group by publisher_id
),

linked as (
    select
        link.publisher_id,
        list({
            'id': link.other_id, 'name': other.name, 'since': link.since, 'why': link.why, 'before': link.is_before
        } order by link.since, link.other_id) as items
    from (
        select successor_id as publisher_id, predecessor_id as other_id, since, why, true as is_before
        from dim_publisher_link
        union all
        select predecessor_id as publisher_id, successor_id as other_id, since, why, false as is_before
        from dim_publisher_link
    ) as link
    inner join dim_publisher as other on link.other_id = other.publisher_id
    group by link.publisher_id
)

select
    'publisher/' || bucket.number || '.json.gz' as file,
    publisher.publisher_id as key,
    to_json({
        'name': publisher.name, 'region': publisher.region_name, 'region_code': publisher.region_code,
        'province': publisher.province_code, 'level': publisher.level, 'kind': publisher.kind,
        'function': publisher.function, 'fictional': publisher.is_fictional,
        'names': publisher.printed_names, 'years': coalesce(covered.items, []), 'values': coalesce(yearly.items, []),
        'checks': coalesce(reconciled.items, []), 'links': coalesce(linked.items, [])
    }) as doc
from dim_publisher as publisher
inner join bucket on publisher.publisher_id = bucket.id
left join covered on publisher.publisher_id = covered.publisher_id
left join yearly on publisher.publisher_id = yearly.publisher_id
left join reconciled on publisher.publisher_id = reconciled.publisher_id
left join linked on publisher.publisher_id = linked.publisher_id
order by bucket.number, publisher.publisher_id
