{#- Words that announce the parts of what stands before: 其中, 包括, 分别, 在审结案件中, a colon. -#}
{% macro announces_parts(words) -%}
regexp_matches({{ words }}, '其中|包括|分别|分为|含|[:：]|在[^,，、]{1,10}中')
{%- endmacro %}
