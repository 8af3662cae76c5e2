-- the quantities of each report's current text, in the order of their sentence, with the words between them
with located as (
    select
        report.report_id,
        report.publisher_id,
        report.report_year,
        quantity.*,
        report.report_id || ':' || quantity.char_start || '-' || quantity.char_end as quantity_id,
        coalesce(section.part, 'other') as part
    from {{ ref('int_corrected_quantity') }} as quantity
    inner join {{ ref('int_report') }} as report on quantity.capture_id = report.capture_id
    left join
        {{ ref('stg_section') }} as section
        on quantity.capture_id = section.capture_id and quantity.section_no = section.section_no
),

neighbours as (
    select
        located.*,
        row_number() over in_sentence as position_in_sentence,
        coalesce(lag(char_end) over in_sentence, sentence_start) as previous_end,
        coalesce(lead(char_start) over in_sentence, sentence_start + length(sentence)) as next_start
    from located
    window in_sentence as (partition by report_id, sentence_start order by char_start, char_end)
),

worded as (
    select
        neighbours.* exclude (previous_end, next_start),
        substring(sentence, 1, char_start - sentence_start) as words_until,
        substring(sentence, previous_end - sentence_start + 1, greatest(char_start - previous_end, 0)) as words_before,
        substring(sentence, char_end - sentence_start + 1, greatest(next_start - char_end, 0)) as words_after
    from neighbours
)

select
    worded.* exclude (words_until),
    -- a semicolon ends what a total or a rate can be about
    length(words_until) - length(replace(replace(words_until, ';', ''), chr(65307), '')) as clause_no,
    -- after 其中 come details of what stands before
    {{ announces_parts('words_until') }} as is_detail,
    -- digits after the point as printed: what a stated rate was rounded to
    length(regexp_extract(translate(raw, '０１２３４５６７８９．', '0123456789.'), '\.(\d+)', 1)) as decimals
from worded
