-- per text, the sixteen smallest hashes of its sentences: texts that share most of them share most of their sentences
with text as (
    -- any capture of a text will do
    select
        version.body_sha256,
        min(fingerprint.row_no) as row_no
    from {{ ref('int_version') }} as version
    inner join {{ ref('int_version_fingerprint') }} as fingerprint on version.capture_id = fingerprint.capture_id
    where
        version.genre = 'annual_report'
        and version.body_chars >= {{ var('least_report_chars') }}
        {% if not flags.FULL_REFRESH %}
            and version.body_sha256 not in (
                select previous.body_sha256
                from {{ source('previous', 'fct_report_version') }} as previous
                where previous.genre = 'annual_report' and previous.body_chars >= {{ var('least_report_chars') }}
            )
        {% endif %}
    group by version.body_sha256
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
    -- new ones lie together at the end, where no others need be read to come by them
    semi join text on document.row_no = text.row_no
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
