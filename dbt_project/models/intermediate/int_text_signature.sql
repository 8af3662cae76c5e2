-- per text, the sixteen smallest hashes of its sentences: texts that share most of them share most of their sentences
with text as (
    select
        document.body_sha256,
        -- as the hash is: the same whatever the line breaks
        any_value(regexp_replace(document.body, '[\s\x{a0}\x{3000}]+', '', 'g')) as body
    from {{ ref('stg_document') }} as document
    semi join {{ ref('int_version') }} as version
        on document.capture_id = version.capture_id and version.genre = 'annual_report'
    where
        document.body_chars >= {{ var('least_report_chars') }}
        {% if not flags.FULL_REFRESH %}
            and document.body_sha256 not in (
                select previous.body_sha256
                from {{ source('previous', 'fct_report_version') }} as previous
                where previous.text_signature is not null
            )
        {% endif %}
    group by document.body_sha256
),

sentence as (
    select
        body_sha256,
        unnest(
            list_distinct(
                string_split(translate(body, '；！？;!?', '。。。。。。'), '。')
            )
        ) as sentence
    from text
),

ranked as (
    select
        body_sha256,
        hash(sentence) % 4294967296 as digest
    from sentence
    -- headings and greetings are everybody's
    where length(sentence) >= 15
),

sketch as (
    select
        body_sha256,
        array_to_string(list_transform(min(digest, 16), lambda digest: printf('%08x', digest)), ' ') as text_signature
    from (select distinct
        body_sha256,
        digest
    from ranked) as apart
    group by body_sha256
)

select
    body_sha256,
    text_signature
from sketch
{% if not flags.FULL_REFRESH %}
    union all
    -- the same text has the same signature: read once
    select
        previous.body_sha256,
        any_value(previous.text_signature) as text_signature
    from {{ source('previous', 'fct_report_version') }} as previous
    where
        previous.text_signature is not null
        and previous.body_sha256 in (
            select document.body_sha256
            from {{ ref('stg_document') }} as document
            semi join {{ ref('int_version') }} as version
                on document.capture_id = version.capture_id and version.genre = 'annual_report'
        )
    group by previous.body_sha256
{% endif %}
