-- which report each capture is an appearance of, and whether it counts; the rest that it claims stays apart
with document as (
    -- only what decides: the rest would be carried through each sort
    select
        claim.capture_id,
        claim.canonical_url,
        claim.has_returned,
        claim.fetched_at,
        claim.run_id,
        claim.region_code,
        claim.report_year,
        claim.published_on,
        claim.body_chars,
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

-- an address mostly holds one content, a report one capture: only the others are put in order
contents as (
    select
        capture_id,
        row_number() over (
            partition by canonical_url order by has_returned desc, fetched_at desc, capture_id
        ) = 1 as is_latest_at_url
    from document
    where canonical_url in (
        select several.canonical_url from document as several
        group by all
        having count(*) > 1
    )
),

identified as (
    select
        document.*,
        case when document.exclusion_reason is null then document.publisher_id || '-' || document.report_year end
            as report_id,
        -- what stands at a url now counts before what stood there once
        coalesce(contents.is_latest_at_url, true) as is_latest_at_url,
        -- a source that names no publisher is its division's portal
        coalesce(
            document.publisher_id = document.site_publisher_id, document.region_code = document.site_region_code, false
        ) as is_own_site
    from document
    left join contents on document.capture_id = contents.capture_id
),

ranked as (
    select
        capture_id,
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
    where report_id in (
        select several.report_id from identified as several
        group by all
        having count(*) > 1
    )
)

select
    identified.capture_id,
    identified.publisher_id,
    identified.site_publisher_id,
    identified.exclusion_reason,
    identified.report_id,
    identified.is_latest_at_url,
    identified.is_own_site,
    case when identified.report_id is not null then coalesce(ranked.preference, 1) end as preference,
    coalesce(identified.report_id is not null and coalesce(ranked.preference, 1) = 1, false) as is_current
from identified
left join ranked on identified.capture_id = ranked.capture_id
