with pairs as (
    select
        body_sha256,
        other_sha256,
        similarity
    from {{ ref('int_near_duplicate') }}
    union all
    -- one text in several places
    select
        body_sha256,
        body_sha256 as other_sha256,
        1.0 as similarity
    from {{ ref('int_text_signature') }}
),

appearance as (
    select
        capture_id,
        report_id,
        publisher_id,
        report_year,
        source_id,
        url,
        body_sha256
    from {{ ref('int_version') }}
    where genre = 'annual_report' and body_chars >= {{ var('least_report_chars') }}
)

select
    least(one.capture_id, two.capture_id) || ':' || greatest(one.capture_id, two.capture_id) as pair_id,
    one.capture_id,
    two.capture_id as other_capture_id,
    one.report_id,
    two.report_id as other_report_id,
    one.source_id,
    two.source_id as other_source_id,
    one.url,
    two.url as other_url,
    pairs.similarity::double as similarity,
    case
        when one.report_id = two.report_id then 'same_report'
        when one.report_id is null or two.report_id is null then 'no_report'
        when one.publisher_id = two.publisher_id then 'other_year'
        else 'other_publisher'
    end as relation
from pairs
inner join appearance as one on pairs.body_sha256 = one.body_sha256
inner join appearance as two on pairs.other_sha256 = two.body_sha256
where pairs.body_sha256 != pairs.other_sha256 or one.capture_id < two.capture_id
order by pair_id
