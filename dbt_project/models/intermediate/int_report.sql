-- the current version of each report that is made anew in this build, and the slice that it is made in
select
    version.*,
    row_number() over as_staged::integer as report_no,
    -- as documents and their quantities lie in staging, so that a slice is found together
    (sum(fingerprint.quantities) over as_staged // {{ var('slice_quantities') }})::integer as slice
from {{ ref('int_version') }} as version
semi join {{ ref('int_affected') }} as affected on version.publisher_id = affected.publisher_id
inner join {{ ref('int_version_fingerprint') }} as fingerprint on version.capture_id = fingerprint.capture_id
where version.is_current
window as_staged as (order by fingerprint.row_no, version.report_id rows unbounded preceding)
