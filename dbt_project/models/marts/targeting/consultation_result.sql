-- What became of every line of the consultation that counts, for the office that typed it.
select
    c.snapshot_day as consultation_day,
    c.row_number,
    c.idsubsls_text,
    c.r109_text as building_number_text,
    c.r110_text as family_number_text,
    c.group_before_text,
    c.group_after_text,
    c.change_reason,
    c.decided_by,
    c.status,
    case c.status
        when 'bad_key' then 'Kode sub-SLS, nomor bangunan, atau nomor keluarga tidak terbaca: betulkan.'
        when 'bad_group' then 'Kelompok sebelum dan sesudah harus 1 sampai 4: betulkan.'
        when 'repeated' then 'Keluarga yang sama ada lagi di baris sesudahnya; baris terakhir yang berlaku.'
        when 'unknown_family' then 'Keluarga ini tidak ada di antara dokumen yang berlaku: periksa nomornya.'
        when 'not_ranked' then 'Keluarga ini belum diperingkat: dokumennya tertahan, belum ditemui, atau tanpa anggota.'
        when 'applied' then 'Berlaku.'
    end as status_text_id,
    case c.status
        when 'bad_key' then 'Sub-SLS code, building number or family number cannot be read: correct it.'
        when 'bad_group' then 'Groups before and after must be 1 to 4: correct them.'
        when 'repeated' then 'The same family stands again in a later line; the last one counts.'
        when 'unknown_family' then 'No document in force has this family: check its numbers.'
        when 'not_ranked' then 'This family is not ranked: its document is held, it was not reached, or nobody is left.'
        when 'applied' then 'In force.'
    end as status_text_en,
    coalesce(substr(c.idsubsls, 1, 4), 'UNKNOWN') as kab_code,
    {{ as_of() }} as as_of
from {{ ref('int_consultations__judged') }} as c
