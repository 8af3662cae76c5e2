{{ config(sliced=true) }}
-- one value per report and indicator, the rule that decided, and whether the text contradicts itself
with ranked as (
    select
        candidate.*,
        row_number() over chosen_first as preference,
        first_value(value) over chosen_first as chosen_value,
        count(*) over (chosen_first rows between unbounded preceding and unbounded following) as candidates
    from {{ ref('int_indicator_candidate') }} as candidate
    where {{ in_slice('candidate') }}
    window chosen_first as (
        partition by report_id, indicator_id
        order by
            period_rank, approx_rank, scope_rank, detail_rank, zero_rank, part_rank, doubt, char_start, quantity_id
    )
),

rival as (
    -- the best candidate that says something else
    select *
    from ranked
    where value != chosen_value
    qualify row_number() over (partition by report_id, indicator_id order by preference) = 1
)

select
    chosen.report_id,
    chosen.publisher_id,
    chosen.slice,
    chosen.report_year,
    chosen.indicator_id,
    chosen.quantity_id,
    chosen.value,
    chosen.unit,
    chosen.kind,
    chosen.approx,
    chosen.scope,
    chosen.raw,
    chosen.confidence,
    chosen.review,
    chosen.review_reason,
    chosen.candidates,
    rival.value as rival_value,
    case
        when chosen.candidates = 1 then 'only_candidate'
        when rival.quantity_id is null then 'all_agree'
        when chosen.period_rank < rival.period_rank then 'own_year'
        when chosen.approx_rank < rival.approx_rank then 'exact'
        when chosen.scope_rank < rival.scope_rank then 'own_scope'
        when chosen.detail_rank < rival.detail_rank then 'total_over_detail'
        when chosen.zero_rank < rival.zero_rank then 'number_over_stated_zero'
        when chosen.part_rank < rival.part_rank then 'report_part'
        when chosen.doubt < rival.doubt then 'confidence'
        else 'first_mention'
    end as chosen_by
from ranked as chosen
left join rival on chosen.report_id = rival.report_id and chosen.indicator_id = rival.indicator_id
where chosen.preference = 1
