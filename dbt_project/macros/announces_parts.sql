{#- Words that announce the parts of what stands before: 其中, 包括, 分别, 在审结案件中, a colon. Plain words
    first: a pattern costs more. -#}
{% macro announces_parts(words) -%}
(
    contains({{ words }}, '其中') or contains({{ words }}, '包括') or contains({{ words }}, '分别')
    or contains({{ words }}, '分为') or contains({{ words }}, '含') or contains({{ words }}, ':')
    or contains({{ words }}, chr(65306))
    or case when contains({{ words }}, '在') then regexp_matches({{ words }}, '在[^,，、]{1,10}中') else false end
)
{%- endmacro %}
