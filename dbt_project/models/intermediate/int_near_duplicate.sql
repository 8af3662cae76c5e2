-- pairs of texts that share most of the sentences of the shorter one, other words around them or not
with sketch as (
    select
        body_sha256,
        string_split(text_signature, ' ') as digests,
        row_number() over () as text_no
    from {{ ref('int_text_signature') }}
),

-- numbers, not the words that are printed for them: there are sixteen for each text
mark as materialized (
    select
        text_no,
        ('0x' || unnest(digests))::uinteger as digest
    from sketch
),

telling as (
    -- what stands in many texts is a formula
    select mark.*
    from mark
    where digest in (
        select each.digest from mark as each
        group by all
        having count(*) between 2 and 20
    )
),

-- among the sixteen smallest of both together, those that both have: the share of all sentences that they share
counted as (
    select
        one.text_no,
        two.text_no as other_no
    from telling as one
    inner join telling as two on one.digest = two.digest and one.text_no < two.text_no
    group by all
    having count(*) >= 3
),

pairs as (
    select
        least(one.body_sha256, two.body_sha256) as body_sha256,
        greatest(one.body_sha256, two.body_sha256) as other_sha256
    from counted
    inner join sketch as one on counted.text_no = one.text_no
    inner join sketch as two on counted.other_no = two.text_no
),

measured as (
    select
        pairs.body_sha256,
        pairs.other_sha256,
        list_slice(
            list_sort(list_distinct(list_concat(one.digests, two.digests))),
            1,
            least(len(one.digests), len(two.digests))
        )
            as smallest,
        one.digests,
        two.digests as other_digests
    from pairs
    inner join sketch as one on pairs.body_sha256 = one.body_sha256
    inner join sketch as two on pairs.other_sha256 = two.body_sha256
)

select
    body_sha256,
    other_sha256,
    round(
        len(
            list_filter(
                smallest, lambda digest: list_contains(digests, digest) and list_contains(other_digests, digest)
            )
        )
        / len(smallest),
        4
    ) as similarity
from measured
where similarity >= {{ var('near_duplicate') }}
