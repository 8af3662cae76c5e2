-- the quantities of each report's current text, in the order of their sentence, with the words between them
with located as (
    select
        version.report_id,
        version.publisher_id,
        version.report_year,
        version.region_code,
        version.url,
        quantity.*,
        version.report_id || ':' || quantity.char_start || '-' || quantity.char_end as quantity_id,
        section.path as section_path,
        section.heading as section_heading,
        coalesce(section.part, 'other') as part
    from {{ ref('int_corrected_quantity') }} as quantity
    inner join {{ ref('int_version') }} as version on quantity.capture_id = version.capture_id and version.is_current
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
        substring(sentence, previous_end - sentence_start + 1, greatest(char_start - previous_end, 0)) as words_before,
        substring(sentence, char_end - sentence_start + 1, greatest(next_start - char_end, 0)) as words_after
    from neighbours
)

select
    worded.*,
    -- a semicolon ends what a total or a rate can be about
    sum(regexp_matches(words_before, '[;；]')::integer) over (
        partition by report_id, sentence_start order by char_start, char_end
    ) as clause_no,
    -- after 其中 come details of what stands before
    bool_or({{ announces_parts('words_before') }}) over (
        partition by report_id, sentence_start order by char_start, char_end
    ) as is_detail,
    -- digits after the point as printed: what a stated rate was rounded to
    length(regexp_extract(translate(raw, '０１２３４５６７８９．', '0123456789.'), '\.(\d+)', 1)) as decimals
from worded
