{{ config(materialized='view') }}
-- one row per capture: what it claims, which report it is an appearance of, and whether it is the one that counts
select
    claim.*,
    choice.* exclude (capture_id)
from {{ ref('int_document_claim') }} as claim
inner join {{ ref('int_version_choice') }} as choice on claim.capture_id = choice.capture_id
