-- one row per capture: which report it is an appearance of, and whether it is the one that counts
with document as (
    select
        claim.*,
        name.publisher_id,
        own_site.publisher_id as site_publisher_id,
        registry.region_code as site_region_code,
        case
            when not claim.is_parsed then 'not_parsed'
            when claim.error is not null then 'unreadable'
            when coalesce(claim.genre, '') != 'annual_report' then 'other_genre'
            when claim.publisher is null then 'no_publisher'
            when claim.report_year is null then 'no_report_year'
            when claim.report_year not between 1980 and year(as_of.as_of) + 1 then 'impossible_report_year'
            when claim.body_chars < {{ var('least_report_chars') }} then 'no_text'
        end as exclusion_reason
    from {{ ref('int_document_claim') }} as claim
    cross join {{ ref('int_as_of') }} as as_of
    left join
        {{ ref('int_publisher_name') }} as name
        on claim.publisher = name.publisher and coalesce(claim.region_code, 'xxxxxx') = name.region_code
    left join {{ ref('stg_source') }} as registry on claim.source_id = registry.source_id
    left join
        {{ ref('int_publisher_name') }} as own_site
        on
            registry.publisher = own_site.publisher
            and coalesce(registry.region_code, 'xxxxxx') = own_site.region_code
),

identified as (
    select
        document.*,
        case when exclusion_reason is null then publisher_id || '-' || report_year end as report_id,
        -- what stands at a url now counts before what stood there once
        row_number() over (
            partition by canonical_url order by has_returned desc, fetched_at desc, capture_id
        ) = 1 as is_latest_at_url,
        -- a source that names no publisher is its division's portal
        coalesce(publisher_id = site_publisher_id, region_code = site_region_code, false) as is_own_site
    from document
),

ranked as (
    select
        identified.*,
        row_number() over (
            partition by report_id
            order by
                is_latest_at_url desc,
                is_own_site desc,
                published_on desc nulls last,
                run_id desc,
                body_chars desc,
                canonical_url,
                capture_id
        ) as preference
    from identified
)

select
    ranked.*,
    coalesce(report_id is not null and preference = 1, false) as is_current
from ranked
