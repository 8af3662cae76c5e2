{{ config(
    materialized='incremental', incremental_strategy='affected', on_schema_change='fail', unique_key='capture_id',
    incremental_predicates=[
        'capture_id not in (select version.capture_id from scratch.intermediate.int_version as version)'
    ]
) }}
-- depends_on: {{ ref('int_affected') }}
with current_text as (
    select
        report_id,
        body_sha256,
        body_chars
    from {{ ref('int_version') }}
    where is_current
)

select
    version.capture_id,
    version.report_id,
    version.exclusion_reason,
    version.is_current,
    coalesce(version.body_sha256 = current_text.body_sha256, false) as is_current_text,
    version.is_latest_at_url,
    version.source_id,
    version.run_id,
    version.url,
    version.canonical_url,
    version.parent_url,
    version.role,
    version.genre,
    version.title,
    version.publisher,
    version.publisher_id,
    version.publisher_from,
    version.region_code,
    version.report_year,
    version.published_on,
    version.signed_on,
    version.fetched_at as first_seen_at,
    version.http_status,
    version.media_type,
    version.content_sha256,
    version.body_sha256,
    version.body_chars::integer as body_chars,
    version.extractor_version,
    version.error,
    version.warnings,
    version.warc_file,
    version.warc_offset,
    -- not a condition of the join: DuckDB would compare each capture with each text then
    case when version.genre = 'annual_report' then signature.text_signature end as text_signature,
    fingerprint.contents_digest,
    fingerprint.fingerprint
from {{ ref('int_version') }} as version
left join current_text on version.report_id = current_text.report_id
inner join {{ ref('int_version_fingerprint') }} as fingerprint on version.capture_id = fingerprint.capture_id
left join {{ ref('int_text_signature') }} as signature on version.body_sha256 = signature.body_sha256
{% if not flags.FULL_REFRESH %}
    left join {{ source('previous', 'fct_report_version') }} as published on version.capture_id = published.capture_id
    where
        fingerprint.fingerprint is distinct from published.fingerprint
        or version.publisher_id in (select affected.publisher_id from {{ ref('int_affected') }} as affected)
        or signature.text_signature is distinct from published.text_signature
{% endif %}
order by version.capture_id
