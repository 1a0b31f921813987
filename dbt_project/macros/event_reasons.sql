{# What can be wrong with a shock's folder: what became of it, and the words in both languages (docs/shock.md). #}
{% macro event_reasons() %}
    {{ return([
        ('BAD_EVENT_ID', 'event_left_out', 'Nama folder kejadian tidak sah.', 'The folder is not named as an event.'),
        ('NO_EVENT_FILE', 'event_left_out', 'Folder tanpa event.json.', 'The folder has no event.json.'),
        ('TOO_LARGE', 'event_left_out', 'Berkas terlalu besar.', 'A file is too large.'),
        ('NOT_JSON', 'event_left_out', 'event.json bukan JSON yang sah.', 'event.json is no valid JSON object.'),
        ('MISSING_KEY', 'event_left_out', 'Kunci wajib di event.json tidak ada.', 'event.json lacks a key.'),
        ('BAD_VALUE', 'event_left_out', 'Isi event.json tidak sesuai.', 'A value of event.json is of the wrong kind.'),
        ('ID_MISMATCH', 'event_left_out', 'event_id berbeda dari nama folder.', 'event_id is not the name of the folder.'),
        ('NOT_A_POLYGON', 'event_left_out', 'Footprint bukan poligon GeoJSON.', 'The footprint is no GeoJSON polygon.'),
        ('BAD_RING', 'event_left_out', 'Garis batas footprint tidak tertutup atau kurang dari 4 titik.',
         'A ring of the footprint is not closed or has fewer than 4 points.'),
        ('BAD_COORDINATE', 'event_left_out', 'Koordinat footprint di luar rentang.',
         'A position of the footprint is out of range.'),
        ('BAD_ENCODING', 'event_left_out', 'affected.csv bukan UTF-8.', 'affected.csv is not UTF-8.'),
        ('BAD_CSV', 'event_left_out', 'affected.csv tidak dapat dibaca.', 'affected.csv is no readable CSV.'),
        ('MISSING_COLUMN', 'event_left_out', 'Kolom affected.csv tidak lengkap.', 'affected.csv lacks a column.'),
        ('BAD_ROW', 'row_left_out', 'Jumlah isian baris berbeda dari judul kolom.',
         'A row has another number of fields than the header.'),
        ('UNKNOWN_STATUS', 'row_left_out', 'Status tidak dikenal.', 'A status is unknown.'),
        ('BAD_STATUS_DATE', 'kept', 'Tanggal status kosong atau tidak sah; baris dianggap paling awal.',
         'A day is missing or unreadable; the row counts as the earliest.'),
        ('EMPTY_EVENT', 'kept', 'Kejadian tanpa wilayah, footprint, maupun daftar orang.',
         'The event names no area, no footprint and no person.'),
        ('UNKNOWN_AREA', 'kept', 'Kode wilayah tidak dikenal.', 'A code names no known area.'),
        ('AREA_WITHOUT_FAMILIES', 'kept', 'Belum ada keluarga terdata di wilayah ini.',
         'Nobody is enumerated in a named area.'),
        ('FOOTPRINT_WITHOUT_FAMILIES', 'kept',
         'Tidak ada titik keluarga di dalam footprint; periksa apakah lintang dan bujur tertukar.',
         'No family is in the footprint; are longitude and latitude swapped?')
    ]) }}
{% endmacro %}

{# What became of the reason (1), in Indonesian (2), in English (3). #}
{% macro said_of_reason(reason, place) -%}
    case {{ reason }}
        {%- for words in event_reasons() %}
        when '{{ words[0] }}' then '{{ words[place] }}'
        {%- endfor %}
    end
{%- endmacro %}
