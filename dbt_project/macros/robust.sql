{#- Distance from the median in units of the median absolute deviation, brought to the scale of standard deviations; the
    spread is taken as no less than a tenth (of a power of ten), or equal values would make every other one unusual. -#}
{% macro robust_z(value, middle, spread) -%}
0.6745 * abs({{ value }} - {{ middle }}) / greatest({{ spread }}, 0.1)
{%- endmacro %}
