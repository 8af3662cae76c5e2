select
    correction_id,
    quantity_key,
    sentence_fingerprint,
    field,
    old_value,
    new_value,
    found_value,
    reason,
    status,
    decided_on,
    origin,
    outcome,
    explanation,
    report_id,
    report_id || ':' || char_start || '-' || char_end as quantity_id,
    raw,
    sentence
from {{ ref('int_correction') }}
-- content that stands under two reports is corrected in both and told once
qualify row_number() over (partition by correction_id order by report_id) = 1
order by correction_id
