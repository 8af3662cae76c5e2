{#- One input of a check: what it is in the check, which quantity, as printed, as a number. -#}
{% macro check_input(role, row) -%}
{'role': '{{ role }}', 'quantity_id': {{ row }}.quantity_id, 'raw': {{ row }}.raw, 'value': {{ row }}.value}
{%- endmacro %}

{#- A number that was computed, in the place of an input. -#}
{% macro computed_input(role, value) -%}
{'role': '{{ role }}', 'quantity_id': null, 'raw': null, 'value': {{ value }}}
{%- endmacro %}
