{{ config(sliced=true) }}
-- a rate and the two counts before it in its clause: 纠纷11601件,调解成功11594件,成功率99.93%
with rate as (
    select
        *,
        -- 办结率, 成功率: what the numerator's own words must say
        regexp_extract(words_before, '(\p{Han}{2})率\P{Han}*\p{Han}{0,4}$', 1) as stem,
        regexp_matches(words_before, '全部|均已|均') as is_of_all
    from {{ ref('int_quantity') }} as quantity
    where {{ in_slice('quantity') }} and kind = 'rate' and unit = '%' and value is not null and not is_target
),

-- nothing but the sentences of rates
beside as (
    select
        quantity.quantity_id,
        quantity.report_id,
        quantity.sentence_start,
        quantity.position_in_sentence,
        quantity.clause_no,
        quantity.char_start,
        quantity.raw,
        quantity.value,
        quantity.unit,
        quantity.kind,
        quantity.approx,
        quantity.is_target,
        quantity.subject,
        quantity.words_before,
        quantity.words_after
    from {{ ref('int_quantity') }} as quantity
    semi join rate on quantity.report_id = rate.report_id and quantity.sentence_start = rate.sentence_start
    where {{ in_slice('quantity') }}
),

counted as (
    select *
    from beside
    where kind in ('count', 'amount') and value is not null and not is_target
),

pairs as (
    select
        rate.quantity_id as rate_id,
        rate.value as stated,
        rate.decimals,
        rate.approx as rate_approx,
        numerator.position_in_sentence as numerator_position,
        denominator.position_in_sentence as denominator_position,
        {{ check_input('numerator', 'numerator') }} as numerator,
        {{ check_input('denominator', 'denominator') }} as denominator,
        -- 合格率 from 不合格270批次: the rate is of the rest
        case
            when
                rate.stem != ''
                and (
                    contains(numerator.words_before || numerator.subject, '不' || rate.stem)
                    or contains(numerator.words_before || numerator.subject, '未' || rate.stem)
                )
                then 100 - 100.0 * numerator.value / denominator.value
            else 100.0 * numerator.value / denominator.value
        end as expected,
        {{ announces_parts('denominator.words_after') }} as is_of_total,
        numerator.approx = 'exact' and denominator.approx = 'exact' as is_exact,
        rate.stem != '' and contains(numerator.words_before || numerator.subject, rate.stem) as is_named
    from rate
    inner join counted as numerator
        on
            rate.report_id = numerator.report_id
            and rate.sentence_start = numerator.sentence_start
            and rate.clause_no = numerator.clause_no
            and numerator.char_start < rate.char_start
    inner join counted as denominator
        on
            numerator.report_id = denominator.report_id
            and numerator.sentence_start = denominator.sentence_start
            and numerator.clause_no = denominator.clause_no
            and numerator.unit = denominator.unit
            and denominator.char_start < numerator.char_start
    where denominator.value > 0 and numerator.value <= denominator.value
),

judged as (
    select
        *,
        {{ rate_verdict('expected', 'stated', 'decimals', 'rate_approx') }} as verdict,
        {{ rate_explanation('expected', 'stated', 'decimals', 'rate_approx') }} as explanation
    from pairs
),

matched as (
    select *
    from judged
    -- round percentages match by chance: then the numerator's words must name the rate
    where is_named or (verdict != 'fail' and decimals >= 1 and rate_approx = 'exact')
    qualify
        row_number() over (
            partition by rate_id
            order by
                (verdict = 'fail')::integer,
                is_named desc,
                numerator_position desc,
                is_of_total desc,
                denominator_position desc
        ) = 1
),

two_counts as (
    select
        rate_id,
        [numerator, denominator] as counts,
        expected,
        case when verdict = 'fail' and not is_exact then 'explained' else verdict end as verdict,
        case when verdict = 'fail' and not is_exact then 'a hedged count gives no exact rate' else explanation end
            as explanation
    from matched
),

whole as (
    -- 受理办结信件75件,办结率100%; 2件和10件,全部按期办结,化解率100%: all of what is counted
    select
        rate.quantity_id as rate_id,
        list({{ check_input('all', 'counted') }} order by counted.char_start) as counts,
        100.0 as expected,
        case when abs(any_value(rate.value) - 100) < 1e-9 then 'pass' else 'fail' end as verdict,
        case
            when abs(any_value(rate.value) - 100) < 1e-9 then 'all of what is counted'
            else 'the words say all, the rate does not'
        end as explanation
    from rate
    inner join counted
        on
            rate.report_id = counted.report_id
            and rate.sentence_start = counted.sentence_start
            and rate.clause_no = counted.clause_no
            and counted.position_in_sentence < rate.position_in_sentence
    where
        rate.quantity_id not in (select rate_id from two_counts)
        -- a number of another kind in between starts a new statement
        and not exists (
            select 1
            from beside as between_them
            where
                between_them.report_id = rate.report_id
                and between_them.sentence_start = rate.sentence_start
                and between_them.kind not in ('count', 'amount')
                and between_them.char_start > counted.char_start
                and between_them.char_start < rate.char_start
        )
        and rate.approx = 'exact'
        and rate.stem != ''
        and (
            rate.is_of_all
            or (
                counted.position_in_sentence = rate.position_in_sentence - 1
                and contains(counted.words_before || counted.subject, rate.stem)
                and regexp_matches(counted.words_before || counted.subject, '受理|收到|接收|接到|登记|排查|交办')
            )
        )
    group by rate.quantity_id
),

found as (
    select * from two_counts
    union all
    select * from whole
)

select
    'sentence_rate' as kind,
    rate.publisher_id,
    rate.report_id,
    rate.report_year,
    rate.indicator_id,
    rate.char_start::varchar as place,
    list_prepend({{ check_input('rate', 'rate') }}, found.counts) as inputs,
    found.expected,
    rate.value as stated,
    0.5 * {{ rate_step('rate.decimals') }} as tolerance,
    found.verdict,
    found.explanation
from found
inner join rate on found.rate_id = rate.quantity_id
