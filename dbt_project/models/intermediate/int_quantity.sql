-- the quantities of each report's current text, in the order of their sentence, with the words between them
with report as (
    select
        report_id,
        publisher_id,
        report_year,
        capture_id,
        report_no,
        slice
    from {{ ref('int_report') }}
),

-- of an increment they are few, and looked for once; all of them are read twice rather than held
corrected as {{ 'not ' if flags.FULL_REFRESH }}materialized (
    select * from {{ ref('int_corrected_quantity') }}
),

-- numbers alone: sentences are not carried through the sort
spot as (
    select
        report.report_no,
        quantity.char_start,
        quantity.char_end,
        row_number() over in_sentence as position_in_sentence,
        coalesce(lag(quantity.char_end) over in_sentence, quantity.sentence_start) as previous_end,
        lead(quantity.char_start) over in_sentence as next_start
    from corrected as quantity
    inner join report on quantity.capture_id = report.capture_id
    window in_sentence as (
        partition by report.report_no, quantity.sentence_start order by quantity.char_start, quantity.char_end
    )
),

worded as (
    select
        report.report_id,
        report.publisher_id,
        report.report_year,
        report.slice,
        quantity.*,
        report.report_id || ':' || quantity.char_start || '-' || quantity.char_end as quantity_id,
        coalesce(section.part, 'other') as part,
        section.path as section_path,
        section.heading as section_heading,
        spot.position_in_sentence,
        substring(quantity.sentence, 1, quantity.char_start - quantity.sentence_start) as words_until,
        substring(
            quantity.sentence,
            spot.previous_end - quantity.sentence_start + 1,
            greatest(quantity.char_start - spot.previous_end, 0)
        ) as words_before,
        substring(
            quantity.sentence,
            quantity.char_end - quantity.sentence_start + 1,
            greatest(
                coalesce(spot.next_start, quantity.sentence_start + length(quantity.sentence)) - quantity.char_end, 0
            )
        ) as words_after
    from corrected as quantity
    inner join report on quantity.capture_id = report.capture_id
    inner join spot
        on
            report.report_no = spot.report_no
            and quantity.char_start = spot.char_start
            and quantity.char_end = spot.char_end
    left join
        {{ ref('stg_section') }} as section
        on quantity.capture_id = section.capture_id and quantity.section_no = section.section_no
)

select
    worded.* exclude (words_until),
    -- a semicolon ends what a total or a rate can be about
    length(words_until) - length(replace(replace(words_until, ';', ''), chr(65307), '')) as clause_no,
    -- after 其中 come details of what stands before
    {{ announces_parts('words_until') }} as is_detail,
    -- digits after the point as printed: what a stated rate was rounded to
    case
        when contains(raw, '.') or contains(raw, chr(65294))
            then length(regexp_extract(translate(raw, '０１２３４５６７８９．', '0123456789.'), '\.(\d+)', 1))
        else 0
    end as decimals
from worded
