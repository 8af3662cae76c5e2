-- each division in each year that its code and name held
-- depends_on: {{ ref('int_as_of') }}
-- depends_on: {{ ref('stg_division') }}
{% if not flags.FULL_REFRESH %}
    -- seeds and the year of the latest harvest decide it, and an increment has those of the published warehouse
    select
        region_code,
        year,
        name,
        short_name,
        full_name,
        level,
        parent_code,
        is_fictional
    from {{ source('previous', 'dim_region') }}
{% else %}
    select
        division.region_code,
        span.year::integer as year,
        division.name,
        division.short_name,
        division.full_name,
        division.level,
        division.parent_code,
        division.is_fictional
    from {{ ref('stg_division') }} as division
    cross join {{ ref('int_as_of') }} as as_of
    cross join unnest(generate_series({{ var('first_division_year') }}, year(as_of.as_of))) as span (year)
    where span.year >= coalesce(division.valid_from, 0) and span.year <= coalesce(division.valid_to, 9999)
    -- a year in which a name changed belongs to the later name
    qualify
        row_number() over (
            partition by division.region_code, span.year order by division.valid_from desc nulls last, division.name
        ) = 1
{% endif %}
