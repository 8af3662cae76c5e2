{#- What is wrong with a yearly value, the worst first. -#}
{% macro quality_flag(is_failed, chosen_by, is_unusual, approx) -%}
case
    when {{ is_failed }} then 'failed_check'
    when {{ chosen_by }} in ('confidence', 'first_mention') then 'conflicting'
    when {{ is_unusual }} then 'unusual'
    when {{ approx }} != 'exact' then 'approximate'
    else 'ok'
end
{%- endmacro %}
