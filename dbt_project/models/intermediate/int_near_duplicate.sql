-- pairs of texts that share most of the sentences of the shorter one, other words around them or not
with sketch as (
    select
        body_sha256,
        string_split(text_signature, ' ') as digests
    from {{ ref('int_text_signature') }}
),

mark as (
    select
        body_sha256,
        len(digests) as marks,
        unnest(digests) as digest
    from sketch
),

telling as (
    -- what stands in many texts is a formula
    select mark.*
    from mark
    qualify count(*) over (partition by digest) between 2 and 20
),

-- among the sixteen smallest of both together, those that both have: the share of all sentences that they share
pairs as (
    select
        one.body_sha256,
        two.body_sha256 as other_sha256,
        count(*) as shared
    from telling as one
    inner join telling as two on one.digest = two.digest and one.body_sha256 < two.body_sha256
    group by one.body_sha256, two.body_sha256
    having count(*) >= 3
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
