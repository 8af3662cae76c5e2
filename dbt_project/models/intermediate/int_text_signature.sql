-- per text, the sixteen smallest hashes of its sentences: texts that share most of them share most of their sentences
with text as (
    -- any capture of a text will do
    select
        body_sha256,
        min(capture_id) as capture_id
    from {{ ref('int_version') }}
    where
        genre = 'annual_report'
        and body_chars >= {{ var('least_report_chars') }}
        {% if not flags.FULL_REFRESH %}
            and body_sha256 not in (
                select previous.body_sha256
                from {{ source('previous', 'fct_report_version') }} as previous
                where previous.text_signature is not null
            )
        {% endif %}
    group by body_sha256
),

-- row by row, so that no two texts are in memory longer than they are read
sketch as (
    select
        document.body_sha256,
        list_slice(
            list_sort(
                list_distinct(
                    list_transform(
                        list_filter(
                            -- as the hash of the body is: the same whatever the line breaks
                            string_split(
                                regexp_replace(document.body, '[\s\x{a0}\x{3000}]+', '', 'g'), '。'
                            ),
                            -- headings and greetings are everybody's
                            lambda sentence: length(sentence) >= 15
                        ),
                        lambda sentence: hash(sentence) % 4294967296
                    )
                )
            ),
            1,
            16
        ) as digests
    from {{ ref('stg_document') }} as document
    semi join text on document.capture_id = text.capture_id
)

select
    body_sha256,
    any_value(array_to_string(list_transform(digests, lambda digest: printf('%08x', digest)), ' ')) as text_signature
from sketch
-- a text comes once; asked in `where`, each would be cut a second time for the question
group by body_sha256
having any_value(len(digests)) > 0
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
            select version.body_sha256
            from {{ ref('int_version') }} as version
            where version.genre = 'annual_report' and version.body_chars >= {{ var('least_report_chars') }}
        )
    group by previous.body_sha256
{% endif %}
