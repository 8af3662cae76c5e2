{#- How a stated rate (percent) stands to the computed one. `decimals`: digits after the point as printed. -#}

{% macro rate_step(decimals) -%}
pow(10.0, -{{ decimals }})
{%- endmacro %}

{% macro rate_verdict(expected, stated, decimals, approx) -%}
case
    when abs({{ stated }} - {{ expected }}) <= 0.5 * {{ rate_step(decimals) }} + 1e-9 then 'pass'
    when {{ approx }} in ('at_least', 'more_than') and {{ expected }} >= {{ stated }} then 'pass'
    when {{ approx }} = 'less_than' and {{ expected }} <= {{ stated }} then 'pass'
    when {{ approx }} = 'about' and abs({{ stated }} - {{ expected }}) <= 2 then 'pass'
    when abs({{ stated }} - {{ expected }}) < {{ rate_step(decimals) }} - 1e-9 then 'explained'
    else 'fail'
end
{%- endmacro %}

{% macro rate_explanation(expected, stated, decimals, approx) -%}
case
    when abs({{ stated }} - {{ expected }}) <= 0.5 * {{ rate_step(decimals) }} + 1e-9 then 'rounded as printed'
    when {{ approx }} != 'exact' and {{ rate_verdict(expected, stated, decimals, approx) }} = 'pass'
        then 'holds with the hedge that is stated'
    when {{ stated }} < {{ expected }} and {{ expected }} - {{ stated }} < {{ rate_step(decimals) }} - 1e-9
        then 'truncated, not rounded'
    when {{ stated }} > {{ expected }} and {{ stated }} - {{ expected }} < {{ rate_step(decimals) }} - 1e-9
        then 'rounded up, not to the nearest'
    else 'the numbers do not give the stated rate'
end
{%- endmacro %}
