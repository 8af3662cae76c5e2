-- who should have reported: bodies in the registry, and whoever has reported before
with expected_body as (
    select
        name.publisher_id,
        min(coalesce(registry.first_year, {{ var('first_report_year') }})) as first_year,
        string_agg(distinct registry.source_id, ' | ' order by registry.source_id) as source_ids,
        bool_and(registry.status = 'blocked') as is_blocked,
        bool_and(registry.status = 'retired') as is_retired,
        min(registry.status_reason) as status_reason
    from {{ ref('stg_source') }} as registry
    inner join
        {{ ref('int_publisher_name') }} as name
        on
            coalesce(registry.publisher, '人民政府') = name.publisher
            and coalesce(registry.region_code, 'xxxxxx') = name.region_code
    where registry.publisher is not null or registry.region_code is not null
    group by name.publisher_id
),

harvested as (
    select
        run.source_id,
        run.status
    from {{ ref('stg_harvest_run') }} as run
    cross join {{ ref('int_as_of') }} as as_of
    -- a run that is to come is one of a clock that was ahead
    qualify
        row_number() over (
            partition by run.source_id order by run.finished_at::date <= as_of.as_of desc, run.run_id desc
        ) = 1
),

blocked_body as (
    select
        name.publisher_id,
        bool_and(coalesce(harvested.status, '') = 'blocked') as is_blocked
    from {{ ref('stg_source') }} as registry
    inner join
        {{ ref('int_publisher_name') }} as name
        on
            coalesce(registry.publisher, '人民政府') = name.publisher
            and coalesce(registry.region_code, 'xxxxxx') = name.region_code
    left join harvested on registry.source_id = harvested.source_id
    group by name.publisher_id
),

seen as (
    -- a report whose text could not be read was published all the same
    select
        publisher_id,
        report_year,
        max(report_id) as report_id,
        min(published_on) as published_on
    from {{ ref('int_version') }}
    where
        publisher_id is not null
        and report_year is not null
        and (exclusion_reason is null or exclusion_reason = 'no_text')
    group by publisher_id, report_year
),

span as (
    select
        coalesce(expected_body.publisher_id, first_seen.publisher_id) as publisher_id,
        least(expected_body.first_year, first_seen.first_year) as first_year,
        expected_body.source_ids,
        coalesce(expected_body.is_blocked, false) or coalesce(blocked_body.is_blocked, false) as is_blocked,
        coalesce(expected_body.is_retired, false) as is_retired,
        expected_body.status_reason
    from expected_body
    full join (
        select
            publisher_id,
            min(report_year) as first_year
        from seen
        group by publisher_id
    ) as first_seen
        on expected_body.publisher_id = first_seen.publisher_id
    left join blocked_body on expected_body.publisher_id = blocked_body.publisher_id
),

due as (
    select
        span.publisher_id,
        years.report_year::integer as report_year
    from span
    cross join {{ ref('int_as_of') }} as as_of
    cross join
        unnest(generate_series({{ var('first_division_year') }}, year(as_of.as_of))) as years (report_year)
    left join {{ ref('int_publisher_link') }} as went_on on span.publisher_id = went_on.predecessor_id
    where
        not span.is_retired
        and years.report_year >= span.first_year
        -- whoever went on as another reports under that name
        and years.report_year < coalesce(went_on.since, 9999)
        -- the report of a year is due when 1 April of the next has come
        and make_date(years.report_year::integer + 1, 4, 1) <= as_of.as_of
    union
    select
        publisher_id,
        report_year
    from seen
)

select
    due.publisher_id || ':' || due.report_year as coverage_id,
    due.publisher_id,
    publisher.region_code,
    publisher.province_code,
    due.report_year,
    case
        when {{ timeliness('seen.published_on', 'due.report_year') }} = 'late' then 'late'
        when seen.publisher_id is not null then 'published'
        when span.is_blocked then 'blocked'
        else 'missing'
    end as status,
    case
        when seen.publisher_id is not null then {{ timeliness('seen.published_on', 'due.report_year') }}
    end as timeliness,
    make_date(due.report_year + 1, 4, 1) as due_on,
    seen.published_on,
    {{ days_late('seen.published_on', 'due.report_year') }} as days_late,
    seen.report_id,
    case
        when report.report_id is not null
            then array_to_string(
                list_filter(
                    [
                        case when not report.has_achievements then 'achievements' end,
                        case when not report.has_problems then 'problems' end,
                        case when not report.has_leadership then 'leadership' end,
                        case when not report.has_plan then 'plan' end,
                        case when not report.has_other then 'other' end
                    ],
                    lambda part: part is not null
                ),
                ' | '
            )
    end as parts_missing,
    span.source_ids,
    case when seen.publisher_id is null and span.is_blocked then span.status_reason end as reason,
    as_of.as_of
from due
inner join span on due.publisher_id = span.publisher_id
inner join {{ ref('dim_publisher') }} as publisher on due.publisher_id = publisher.publisher_id
cross join {{ ref('int_as_of') }} as as_of
left join seen on due.publisher_id = seen.publisher_id and due.report_year = seen.report_year
left join {{ ref('fct_report') }} as report on seen.report_id = report.report_id
order by due.publisher_id, due.report_year
