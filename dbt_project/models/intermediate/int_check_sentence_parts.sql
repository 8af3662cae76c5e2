{{ config(sliced=true) }}
-- a total and the parts that follow it in its clause: 108件,其中 57件,35件,13件,3件 (and again 37件,71件)
with counted as (
    select
        quantity.quantity_id,
        quantity.publisher_id,
        quantity.report_id,
        quantity.report_year,
        quantity.indicator_id,
        quantity.sentence_start,
        quantity.position_in_sentence,
        quantity.clause_no,
        quantity.char_start,
        quantity.raw,
        quantity.value,
        quantity.unit,
        quantity.approx,
        indicator.total_id,
        {{ announces_parts('quantity.words_before') }} as is_announced,
        regexp_matches(quantity.words_before, '其他|其它|其余') as is_remainder
    from {{ ref('int_quantity') }} as quantity
    left join {{ ref('stg_indicator') }} as indicator on quantity.indicator_id = indicator.indicator_id
    where
        {{ in_slice('quantity') }}
        and quantity.kind in ('count', 'amount')
        and quantity.unit is not null
        and quantity.value is not null
        and not quantity.is_target
    -- a total and at least two parts
    qualify
        count(*) over (
            partition by quantity.report_id, quantity.sentence_start, quantity.clause_no, quantity.unit
        ) >= 3
),

pairs as (
    select
        total.quantity_id as whole_id,
        total.value as whole,
        part.*,
        total.approx = 'exact' as whole_is_exact,
        coalesce(total.indicator_id = part.total_id, false) as is_catalogued,
        row_number() over in_order as part_no,
        sum(part.value) over in_order as running,
        bool_and(part.approx = 'exact') over in_order as all_exact,
        part.position_in_sentence = total.position_in_sentence + 1 as is_next,
        first_value(part.is_announced and part.position_in_sentence = total.position_in_sentence + 1) over in_order
            as is_introduced
    from counted as total
    inner join counted as part
        on
            total.report_id = part.report_id
            and total.sentence_start = part.sentence_start
            and total.clause_no = part.clause_no
            and total.unit = part.unit
            and part.char_start > total.char_start
    where total.value > 0
    window in_order as (partition by total.quantity_id order by part.char_start)
),

hits as (
    -- one breakdown is complete where the running sum reaches the total, a second one where it reaches it twice
    select
        whole_id,
        part_no,
        row_number() over (partition by whole_id order by part_no) as breakdown_no,
        coalesce(lag(part_no) over (partition by whole_id order by part_no), 0) as after_part_no,
        running / whole as times
    from pairs
    where abs(running / whole - round(running / whole)) < 1e-9 and running > 0
),

complete as (
    select
        pairs.whole_id,
        hits.breakdown_no,
        list({{ check_input('part', 'pairs') }} order by pairs.part_no) as parts,
        sum(pairs.value) as total_of_parts,
        'pass' as verdict,
        'the parts add up' as explanation
    from hits
    inner join pairs
        on
            hits.whole_id = pairs.whole_id
            and pairs.part_no > hits.after_part_no
            and pairs.part_no <= hits.part_no
    where hits.times = hits.breakdown_no
    group by pairs.whole_id, hits.breakdown_no, hits.after_part_no
    -- small numbers add up by chance: then the words must say that these are parts
    having count(*) >= 2 and (any_value(pairs.whole) >= 20 or bool_or(pairs.is_introduced))
),

nearest as (
    -- no breakdown adds up, but the words announce one: take the run of parts that comes nearest
    select
        pairs.*,
        count(*) over (partition by whole_id) as parts_in_clause,
        sum(is_catalogued::integer) over (partition by whole_id order by part_no) as catalogued_parts
    from pairs
    where whole_id not in (select whole_id from complete)
    qualify
        part_no >= 2
        and is_introduced
        and abs(running - whole) <= greatest(0.1 * whole, case when part_no >= 3 then 2 else 0 end)
),

chosen as (
    select *
    from nearest
    -- of two that are equally near, the longer list
    qualify row_number() over (partition by whole_id order by abs(running - whole), part_no desc) = 1
),

incomplete as (
    select
        chosen.whole_id,
        1 as breakdown_no,
        list({{ check_input('part', 'pairs') }} order by pairs.part_no) as parts,
        any_value(chosen.running) as total_of_parts,
        case
            when not any_value(chosen.all_exact and chosen.whole_is_exact) then 'explained'
            when any_value(chosen.running > chosen.whole) then 'fail'
            when any_value(chosen.catalogued_parts) >= 2 or any_value(chosen.is_remainder) then 'fail'
            else 'explained'
        end as verdict,
        case
            when not any_value(chosen.all_exact and chosen.whole_is_exact) then 'a hedged number need not add up'
            when any_value(chosen.running > chosen.whole) then 'the parts exceed the total'
            -- 其他464件 closes the list: these are all parts
            when any_value(chosen.catalogued_parts) >= 2 or any_value(chosen.is_remainder)
                then 'the parts fall short of the total'
            else 'the parts named need not be all of it'
        end as explanation
    from chosen
    inner join pairs on chosen.whole_id = pairs.whole_id and pairs.part_no <= chosen.part_no
    group by chosen.whole_id
),

found as (
    select * from complete
    union all
    select * from incomplete
)

select
    'sentence_parts' as kind,
    total.publisher_id,
    total.report_id,
    total.report_year,
    total.indicator_id,
    total.char_start || '.' || found.breakdown_no as place,
    list_prepend({{ check_input('total', 'total') }}, found.parts) as inputs,
    found.total_of_parts as expected,
    total.value as stated,
    0.0 as tolerance,
    found.verdict,
    found.explanation
from found
inner join counted as total on found.whole_id = total.quantity_id
