{#- 厅字〔2019〕28号, art. 24: the report of a year is to be published before 1 April of the next. -#}
{% macro timeliness(published_on, report_year) -%}
case
    when {{ published_on }} is null then 'unknown'
    when {{ published_on }} < make_date({{ report_year }} + 1, 4, 1) then 'on_time'
    else 'late'
end
{%- endmacro %}

{#- Days after the last day in time (31 March); null where the day is not known. -#}
{% macro days_late(published_on, report_year) -%}
case
    when {{ published_on }} is not null
        then greatest({{ published_on }} - make_date({{ report_year }} + 1, 4, 1) + 1, 0)::integer
end
{%- endmacro %}
