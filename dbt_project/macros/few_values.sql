{#- The values of a column as a list of constants, where there are at most a thousand or two: only by constants does DuckDB find
    rows through the index of a key, and to read the texts of a few reports among all by a join costs as much as all.
    Empty where there are more, or none is known yet. -#}
{% macro few_values(relation, column, most=2000) -%}
{%- if execute and not flags.FULL_REFRESH and load_relation(relation) -%}
{%- set found = run_query('select distinct ' ~ column ~ ' from ' ~ relation ~ ' limit ' ~ (most + 1)).columns[0].values() -%}
{%- if found | length <= most -%}
{%- for value in found %}'{{ value | replace("'", "''") }}'{{ ', ' if not loop.last }}{% endfor -%}
{%- endif -%}
{%- endif -%}
{%- endmacro %}
