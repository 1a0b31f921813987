{# How dbt writes tables on Spark, where its adapter does not do it as this project needs. #}

{# Spark knows no varchar without a length: the contracts' varchar is its string. #}
{% macro spark__get_empty_schema_sql(columns) %}
    {% set columns_of_spark = {} %}
    {% for name, column in columns.items() %}
        {% set data_type = 'string' if column['data_type'] == 'varchar' else column['data_type'] %}
        {% do columns_of_spark.update({name: dict(column, data_type=data_type)}) %}
    {% endfor %}
    {{ return(default__get_empty_schema_sql(columns_of_spark)) }}
{% endmacro %}

{# The adapter's own version writes an empty cell as the text None and trips over an apostrophe. #}
{% macro spark__load_csv_rows(model, agate_table) %}
    {% set types = model['config'].get('column_types', {}) %}
    {% set sql %}
        insert into {{ this.render() }}
        select
        {%- for name in agate_table.column_names %}
            cast({{ adapter.quote(name) }} as {{ types[name] }}){{ "," if not loop.last }}
        {%- endfor %}
        from values
        {%- for row in agate_table.rows %}
            ({% for cell in row %}{{ spark_literal(cell) }}{{ ", " if not loop.last }}{% endfor %}){{ "," if not loop.last }}
        {%- endfor %}
        as cells ({% for name in agate_table.column_names %}{{ adapter.quote(name) }}{{ ", " if not loop.last }}{% endfor %})
    {% endset %}
    {% do adapter.add_query(sql, abridge_sql_log=True) %}
    {{ return(sql) }}
{% endmacro %}

{% macro spark_literal(cell) -%}
    {% if cell is none %}null{% else %}'{{ cell | string | replace('\\', '\\\\') | replace("'", "\\'") }}'{% endif %}
{%- endmacro %}
