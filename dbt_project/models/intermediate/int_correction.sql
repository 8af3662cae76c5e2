-- every declared correction, the number in today's texts that it is about, and what became of it
{% set corrections_file = var('corrections_file', none) %}
{#- an apostrophe keeps a cell of the file from being a formula in a spreadsheet -#}
{% set formula = "'^''([=+@-]|\\x{ff1d}|\\x{ff0b}|\\x{ff0d}|\\x{ff20})'" %}
with declared as (
    select
        quantity_key,
        sentence_fingerprint,
        field,
        old_value,
        new_value,
        reason,
        status,
        decided_on,
        'shipped' as origin
    from {{ ref('corrections') }}
    {% if corrections_file %}
        union all
        select
            quantity_key,
            sentence_fingerprint,
            field,
            regexp_replace(old_value, {{ formula }}, '\1') as old_value,
            regexp_replace(new_value, {{ formula }}, '\1') as new_value,
            regexp_replace(reason, {{ formula }}, '\1') as reason,
            status,
            decided_on,
            'operator' as origin
        from read_csv(
            '{{ corrections_file | replace("'", "''") }}',
            auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '',
            columns = {
                'quantity_key': 'varchar', 'sentence_fingerprint': 'varchar', 'field': 'varchar',
                'old_value': 'varchar', 'new_value': 'varchar', 'reason': 'varchar', 'status': 'varchar',
                'decided_on': 'date'
            }
        )
    {% endif %}
),

numbered as (
    select
        declared.*,
        substring(quantity_key, 2, 16) as content,
        try_cast(regexp_extract(quantity_key, ':(\d+)-', 1) as integer) as declared_start
    from declared
    qualify
        row_number() over (
            partition by origin, quantity_key, field, new_value
            order by status, decided_on desc, reason
        ) = 1
),

-- the content that was looked at may have been replaced since: its report's text of today counts
target as (
    select distinct
        numbered.quantity_key,
        numbered.sentence_fingerprint,
        numbered.declared_start,
        present.report_id,
        present.capture_id
    from numbered
    inner join {{ ref('int_version') }} as judged on numbered.content = left(judged.content_sha256, 16)
    inner join
        {{ ref('int_version') }} as present
        on judged.report_id = present.report_id and present.is_current
),

read_there as (
    select
        quantity.*,
        -- the sentence without white space, and how far into it the number begins: a text that moves keeps both
        's' || left(
            sha256(
                regexp_replace(sentence, '[\s\x{a0}\x{3000}]+', '', 'g')
                || '@'
                || length(
                    regexp_replace(
                        substring(sentence, 1, char_start - sentence_start), '[\s\x{a0}\x{3000}]+', '', 'g'
                    )
                )
            ),
            15
        ) as fingerprint
    from {{ ref('stg_quantity') }} as quantity
    where capture_id in (select target.capture_id from target)
),

place as (
    select
        target.quantity_key,
        target.sentence_fingerprint,
        target.report_id,
        read_there.* exclude (fingerprint)
    from target
    inner join read_there
        on target.capture_id = read_there.capture_id and target.sentence_fingerprint = read_there.fingerprint
    -- a sentence that stands twice: the one nearest to where it stood
    qualify
        row_number() over (
            partition by target.quantity_key, target.sentence_fingerprint, target.report_id
            order by abs(read_there.char_start - target.declared_start), read_there.char_start, read_there.char_end
        ) = 1
),

judged as (
    select
        numbered.*,
        place.report_id,
        place.capture_id,
        place.char_start,
        place.char_end,
        place.raw,
        place.sentence,
        case numbered.field
            when 'indicator' then place.indicator_id
            when 'value' then place.value::varchar
            when 'unit' then place.unit
            when 'kind' then place.kind
            when 'period_year' then place.period_year::varchar
            when 'decision' then place.raw
        end as found_value,
        numbered.content in (select left(version.content_sha256, 16) from {{ ref('int_version') }} as version)
            as is_archived,
        numbered.quantity_key in (select target.quantity_key from target) as is_in_report,
        -- an operator's decision on a number stands in the place of the shipped ones, a later one of an earlier
        numbered.status = 'active'
        and row_number() over (
            partition by numbered.quantity_key, numbered.field, place.report_id
            order by
                numbered.status = 'active' desc,
                numbered.origin = 'operator' desc,
                numbered.decided_on desc,
                numbered.new_value
        ) = 1
        and (
            numbered.origin = 'operator'
            or not bool_or(numbered.origin = 'operator' and numbered.status = 'active')
                over (partition by numbered.quantity_key)
        ) as is_in_force,
        case numbered.field
            when 'value' then try_cast(numbered.new_value as double) is not null
            when 'period_year'
                then numbered.new_value is null or try_cast(numbered.new_value as integer) is not null
            when 'decision' then numbered.new_value in ('accept', 'drop')
            when 'indicator' then numbered.new_value is null or indicator.indicator_id is not null
            when 'kind' then numbered.new_value is not null
            else numbered.field = 'unit'
        end as is_usable
    from numbered
    left join
        place
        on
            numbered.quantity_key = place.quantity_key
            and numbered.sentence_fingerprint = place.sentence_fingerprint
    left join
        {{ ref('stg_indicator') }} as indicator
        on numbered.field = 'indicator' and numbered.new_value = indicator.indicator_id
),

-- 3, 3.0 and 3.00 are one value
spelled as (
    select
        judged.*,
        case when field = 'value' then try_cast(found_value as double)::varchar else found_value end as found_text,
        case when field = 'value' then try_cast(old_value as double)::varchar else old_value end as old_text,
        case when field = 'value' then try_cast(new_value as double)::varchar else new_value end as new_text
    from judged
),

compared as (
    select
        spelled.* exclude (found_text, old_text, new_text),
        status = 'active' and is_in_force and coalesce(is_usable, false) and capture_id is not null as takes_effect,
        field != 'decision' and coalesce(found_text, '') = coalesce(new_text, '') as is_read_so,
        coalesce(found_text, '') = coalesce(old_text, '') as is_as_before
    from spelled
)

select
    origin || ':' || quantity_key || ':' || field || ':' || coalesce(new_value, '') as correction_id,
    compared.* exclude (content, declared_start, is_archived, is_in_report, is_in_force, is_usable),
    case
        when status != 'active' then 'withdrawn'
        when not is_in_force then 'superseded'
        when not takes_effect then 'unmatched'
        when is_read_so then 'superseded'
        else 'applied'
    end as outcome,
    case
        when status != 'active' then 'taken back; kept for the record'
        when not is_in_force then 'another decision on this number stands in its place'
        when not coalesce(is_usable, false) and field = 'indicator' then 'the catalogue has no such indicator any more'
        when not coalesce(is_usable, false) then 'the new value does not fit the field'
        when not is_archived then 'the archive does not hold the content that was looked at'
        when not is_in_report then 'the content that was looked at belongs to no report now'
        when capture_id is null then 'no number is read any more at that place of that sentence'
        when is_read_so then 'the extractor reads it so by itself now'
        when field = 'decision' and new_value = 'accept' then 'looked at and right as read'
        when field = 'decision' then 'left out: not a quantity'
        when not is_as_before then 'applied, though the extractor reads something else now than when it was decided'
        else 'applied as declared'
    end as explanation
from compared
