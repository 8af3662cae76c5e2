-- what each capture claims to be, an attachment completed from the page that links to it
with page as (
    -- under each of its addresses, so that a link finds it by equality
    select
        capture_id,
        fetched_at,
        has_returned,
        unnest(list_distinct([canonical_url, url])) as address
    from {{ ref('stg_capture') }}
),

parent as (
    select
        child.capture_id,
        page.capture_id as parent_capture_id,
        parent_document.genre,
        parent_document.title,
        parent_document.publisher,
        parent_document.region_code,
        parent_document.region_name,
        parent_document.report_year,
        parent_document.published_on,
        parent_document.signed_on,
        parent_document.body_chars
    from {{ ref('stg_capture') }} as child
    inner join page on child.parent_url = page.address and child.capture_id != page.capture_id
    inner join {{ ref('stg_document') }} as parent_document on page.capture_id = parent_document.capture_id
    where child.role = 'attachment'
    qualify row_number() over (
        partition by child.capture_id order by page.has_returned desc, page.fetched_at desc, page.capture_id
    ) = 1
),

claim as (
    select
        capture.*,
        document.extractor_version,
        document.error,
        document.capture_id is not null as is_parsed,
        parent.parent_capture_id,
        coalesce(document.title, parent.title) as title,
        coalesce(document.publisher, parent.publisher) as own_publisher,
        coalesce(document.region_code, parent.region_code) as own_region_code,
        coalesce(document.region_name, parent.region_name) as region_name,
        coalesce(document.report_year, parent.report_year) as report_year,
        coalesce(document.published_on, parent.published_on) as published_on,
        coalesce(document.signed_on, parent.signed_on) as signed_on,
        document.source,
        document.index_no,
        document.document_no,
        document.site_id,
        coalesce(document.body_chars, 0) as body_chars,
        document.body_sha256,
        document.derived_from,
        document.warnings,
        -- a page that only links to its report says what the linked text is
        case
            when
                document.genre = 'other' and parent.genre = 'annual_report'
                and parent.body_chars < {{ var('least_report_chars') }}
                and document.body_chars >= {{ var('least_report_chars') }}
                then 'annual_report'
            else document.genre
        end as genre
    from {{ ref('stg_capture') }} as capture
    left join {{ ref('stg_document') }} as document on capture.capture_id = document.capture_id
    left join parent on capture.capture_id = parent.capture_id
)

select
    claim.* exclude (own_publisher, own_region_code),
    coalesce(claim.own_publisher, registry.publisher) as publisher,
    case
        when claim.own_region_code is not null then claim.own_region_code
        -- the registry's region is that of the registry's publisher, nobody else's
        when claim.own_publisher is null or claim.own_publisher = registry.publisher then registry.region_code
    end as region_code,
    case
        when claim.own_publisher is not null then 'document'
        when registry.publisher is not null then 'source registry'
    end as publisher_from,
    coalesce(registry.is_sample, false) as is_sample
from claim
left join {{ ref('stg_source') }} as registry on claim.source_id = registry.source_id
