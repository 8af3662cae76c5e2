{{ config(
    materialized='incremental', incremental_strategy='affected', on_schema_change='fail',
    unique_key='report_id', unchanged='body is null'
) }}
{%- set all_but_text = model['columns'] | reject('equalto', 'body') | join(', ') %}
-- depends_on: {{ ref('int_affected') }}
with appearances as (
    select
        report_id,
        count(*) as appearances,
        count(distinct body_sha256) as versions,
        count(distinct source_id) as sources
    from {{ ref('int_version') }}
    where report_id is not null
    group by report_id
),

-- a text that stands on several sites was published when the first of them showed it
first_published as (
    select
        report_id,
        body_sha256,
        min(published_on) as published_on
    from {{ ref('int_version') }}
    where report_id is not null
    group by report_id, body_sha256
),

parts as (
    select
        version.report_id,
        count(*) as sections,
        bool_or(section.part = 'achievements') as has_achievements,
        bool_or(section.part = 'problems') as has_problems,
        bool_or(section.part = 'leadership') as has_leadership,
        bool_or(section.part = 'plan') as has_plan,
        bool_or(section.part = 'other' and regexp_matches(section.heading, '其他|其它')) as has_other
    from {{ ref('stg_section') }} as section
    inner join {{ ref('int_report') }} as version on section.capture_id = version.capture_id
    group by version.report_id
),

quantities as (
    select
        report_id,
        count(*) as quantities,
        count(indicator_id) as mapped_quantities
    from {{ ref('int_quantity') }}
    group by report_id
),

failed as (
    select
        report_id,
        count(*) as checks,
        count(*) filter (where verdict = 'fail') as failed_checks
    from {{ ref('int_check') }}
    group by report_id
),

described as (
    select
        report.report_id,
        report.publisher_id,
        report.publisher,
        report.region_code,
        coalesce(report.region_name, region.full_name) as region_name,
        report.report_year,
        report.title,
        first_published.published_on,
        report.signed_on,
        make_date(report.report_year + 1, 4, 1) as due_on,
        {{ timeliness('first_published.published_on', 'report.report_year') }} as timeliness,
        {{ days_late('first_published.published_on', 'report.report_year') }} as days_late,
        report.source,
        report.index_no,
        report.document_no,
        report.site_id,
        coalesce(parts.has_achievements, false) as has_achievements,
        coalesce(parts.has_problems, false) as has_problems,
        coalesce(parts.has_leadership, false) as has_leadership,
        coalesce(parts.has_plan, false) as has_plan,
        coalesce(parts.has_other, false) as has_other,
        coalesce(parts.sections, 0)::integer as sections,
        report.body_chars::integer as body_chars,
        coalesce(quantities.quantities, 0)::integer as quantities,
        coalesce(quantities.mapped_quantities, 0)::integer as mapped_quantities,
        coalesce(failed.checks, 0)::integer as checks,
        coalesce(failed.failed_checks, 0)::integer as failed_checks,
        appearances.appearances::integer as appearances,
        appearances.versions::integer as versions,
        report.url,
        report.source_id,
        report.capture_id,
        report.warc_file,
        report.warc_offset,
        report.content_sha256,
        report.body_sha256,
        report.extractor_version,
        report.publisher_from,
        report.derived_from,
        report.warnings,
        coalesce(region.is_fictional, report.is_sample) as is_fictional
    from {{ ref('int_report') }} as report
    inner join appearances on report.report_id = appearances.report_id
    inner join
        first_published
        on report.report_id = first_published.report_id and report.body_sha256 = first_published.body_sha256
    left join parts on report.report_id = parts.report_id
    left join quantities on report.report_id = quantities.report_id
    left join failed on report.report_id = failed.report_id
    left join
        {{ ref('int_division_as_of_year') }} as region
        on report.region_code = region.region_code and report.report_year = region.year
),

{% if not flags.FULL_REFRESH %}
    -- of whose bodies something changed, but not of them: to find their texts would be to read through those of all
    unchanged as materialized (
        select same.report_id
        from (
            select {{ all_but_text }} from described
            intersect
            select {{ all_but_text }} from {{ source('previous', 'fct_report') }}
            where publisher_id in (select affected.publisher_id from {{ ref('int_affected') }} as affected)
        ) as same
    ),

{% endif %}
-- asked before anything is joined: of nobody else is a text looked at
full_text as (
    select
        capture_id,
        body
    from {{ ref('stg_document') }}
    {% if not flags.FULL_REFRESH %}
        where
            capture_id in (
                select report.capture_id
                from {{ ref('int_report') }} as report
                where report.report_id not in (select unchanged.report_id from unchanged)
            )
    {% endif %}
)

-- the texts come last: they are most of the bytes, and nothing above asks for them; in no order, for which all of them
-- would have to be held at once
select
    described.*,
    full_text.body
from described
inner join full_text on described.capture_id = full_text.capture_id
{% if not flags.FULL_REFRESH %}
    union all
    select
        described.*,
        null as body
    from described
    inner join unchanged on described.report_id = unchanged.report_id
{% endif %}
