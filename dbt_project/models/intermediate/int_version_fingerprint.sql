-- a digest of all that is known of each capture: another digest, another content, reading or choice
select
    version.capture_id,
    version.publisher_id,
    version.report_id,
    coalesce(document.quantities, 0) as quantities,
    document.contents_digest,
    document.row_no,
    printf('%016x', hash(version, document.quantities, document.contents_digest)) as fingerprint
from {{ ref('int_version') }} as version
left join {{ ref('stg_document') }} as document on version.capture_id = document.capture_id
