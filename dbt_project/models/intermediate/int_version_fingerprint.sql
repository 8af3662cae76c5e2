-- a digest of all that is known of each capture: another digest, another content, reading or choice
with quantities as (
    select
        capture_id,
        count(*) as quantities,
        min(row_no) as first_row,
        -- what is printed follows from the body and the offsets
        bit_xor(
            hash(
                char_start, char_end, value, unit, kind, approx, direction, subject, scope, period_year, is_target,
                indicator_id, confidence, sentence_start, section_no
            )
        ) as digest
    from {{ ref('stg_quantity') }}
    group by capture_id
),

sections as (
    select
        section.capture_id,
        bit_xor(hash(section)) as digest
    from {{ ref('stg_section') }} as section
    group by section.capture_id
)

select
    version.capture_id,
    version.publisher_id,
    version.report_id,
    coalesce(quantities.quantities, 0) as quantities,
    quantities.first_row,
    printf('%016x', hash(version, quantities.quantities, quantities.digest, sections.digest)) as fingerprint
from {{ ref('int_version') }} as version
left join quantities on version.capture_id = quantities.capture_id
left join sections on version.capture_id = sections.capture_id
