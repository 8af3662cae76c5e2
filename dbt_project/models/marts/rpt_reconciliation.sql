select
    check_id,
    kind,
    publisher_id,
    report_id,
    report_year,
    indicator_id,
    to_json(inputs)::varchar as inputs,
    expected,
    stated,
    stated - expected as difference,
    tolerance,
    verdict,
    explanation,
    sentence
from {{ ref('int_check') }}
order by check_id
