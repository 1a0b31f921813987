"""What a lurah or kepala desa reads: the lists of a mart, their columns, and what each is for."""

from dataclasses import dataclass

from include.publication.list_sheets import (
    BUILDING,
    FAMILY,
    HEAD,
    Both,
    Cell,
    Column,
    Row,
    Sheet,
    as_it_is,
    text_of,
)  # fmt: skip


@dataclass(frozen=True)
class DesaList:
    """One list of a desa: its sheet, and in Indonesian what it is for and what to do with it."""

    sheet: Sheet
    purpose: str
    task: str


@dataclass(frozen=True)
class DesaBook:
    """What one file holds: its title, by which column its rows are told apart, and its lists."""

    title: Both
    kind_of: str
    lists: tuple[DesaList, ...]


CONFIDENTIAL = "RAHASIA: memuat data pribadi warga. Hanya untuk perangkat desa/kelurahan yang bertugas; jangan"
CONFIDENTIAL += " diteruskan ke grup pesan, jangan ditempel di papan pengumuman, musnahkan cetakannya setelah selesai."

_SEX = {1: "L", 2: "P"}


def _sex(row: Row) -> Cell:
    return _SEX.get(row.get("sex"))  # type: ignore[arg-type]


def _needs(row: Row) -> Cell:
    counted = ((row.get(f"{name}_persons") or 0, text) for name, text in _VULNERABLE.items())
    return ", ".join(f"{persons} {text}" for persons, text in counted if persons)


_VULNERABLE = {
    "under_5": "balita", "aged_60_plus": "lansia", "pregnant": "hamil", "disability": "disabilitas",
    "chronic_illness": "sakit kronis", "lacks_caregiver": "tanpa pengasuh",
}  # fmt: skip

_SLS = Column(Both("SLS (RT/RW)", "r106"), 16, text_of("sls_name"))
_ADDRESS = Column(Both("Alamat", "r107"), 24, text_of("address"))
_PROGRAMME = Column(Both("Program", "Programme"), 11, text_of("programme"))
_PERSON = Column(Both("Nama", "Person"), 20, text_of("person_name"))
_NIK = Column(Both("NIK", "NIK"), 18, text_of("nik"))
_L_OR_P = Column(Both("L/P", "Sex"), 6, _sex)
_BORN = Column(Both("Tgl. lahir", "Born"), 13, as_it_is("birth_date"))
_SUB_SLS = Column(Both("ID sub-SLS", "Sub-SLS"), 18, text_of("idsubsls"))
_PROBLEM = Column(Both("Keterangan", "What is the matter"), 30, text_of("problem_id"))
_TREATMENT = Column(Both("Yang harus dilakukan", "What to do"), 36, text_of("treatment_id"))
_DONE = Column(Both("Hasil / paraf", "Result"), 12, lambda _: None)
_EVENT = Column(Both("Kejadian", "Event"), 22, text_of("event_name"))
_LIVING = Column(Both("Jiwa", "Persons"), 6, as_it_is("living_persons"))
_AFFECTED = Column(Both("Pada daftar korban", "On the list"), 9, as_it_is("affected_persons"))
_NEEDS = Column(Both("Yang perlu didahulukan", "Needs help first"), 32, _needs)

_BUILDING = Column(Both("Bang.", "r109"), 7, BUILDING.shows)
_FAMILY = Column(Both("Kel.", "r110"), 6, FAMILY.shows)

_OF_FAMILY = (HEAD, _SLS, _ADDRESS, _BUILDING, _FAMILY)
_OF_PROGRAMME = (_PROGRAMME, *_OF_FAMILY, _PROBLEM, _TREATMENT, _DONE)
_OF_PERSON = (_PERSON, _NIK, _L_OR_P, _BORN)


def _sheet(tab: str, title: Both, kinds: tuple[str, ...], columns: tuple[Column, ...]) -> Sheet:
    return Sheet(tab, title, kinds, columns, len(columns))


_FOLLOW_UP = DesaBook(
    Both("Daftar tindak lanjut desa/kelurahan", "What the desa sees to"),
    "kind",
    (
        DesaList(
            _sheet(
                "Belum menerima",
                Both("Keluarga yang layak tetapi belum menerima bantuan", "Families eligible and not served"),
                ("eligible_unserved",),
                _OF_PROGRAMME,
            ),
            "Keluarga yang memenuhi syarat program menurut peringkat kesejahteraan, tetapi belum ada pada daftarnya.",
            "Kunjungi; bila benar, bahas dalam musyawarah desa/kelurahan lalu usulkan. Daftar ini bukan keputusan.",
        ),
        DesaList(
            _sheet(
                "Periksa penerima",
                Both("Penerima bantuan yang perlu diperiksa", "Families served that do not look eligible"),
                ("ineligible_served",),
                _OF_PROGRAMME,
            ),
            "Keluarga pada daftar penerima yang tidak memenuhi syarat program; peringkat pun dapat keliru.",
            "Periksa keadaannya. Jangan menghentikan bantuan atau mencoret siapa pun berdasarkan daftar ini saja.",
        ),
        DesaList(
            _sheet(
                "Pastikan orang",
                Both("Orang pada prelist yang perlu dipastikan", "Persons of the prelist to make sure of"),
                ("person",),
                (*_OF_PERSON, *_OF_FAMILY, _PROBLEM, _TREATMENT, _DONE),
            ),
            "Orang yang semula tercatat di sini, tetapi meninggal, pindah, tidak ditemukan, atau belum terwawancara.",
            "Tanyakan kepada keluarga atau ketua RT, lalu sampaikan hasilnya kepada pengawas.",
        ),
        DesaList(
            _sheet(
                "Belum terdata",
                Both("Warga terdaftar yang belum terdata", "Registered persons on no document"),
                ("unlisted_person",),
                (*_OF_PERSON, _SUB_SLS, _PROBLEM, _TREATMENT, _DONE),
            ),
            "Warga yang menurut registrasi kependudukan hidup di sini, tetapi tidak tertulis pada satu dokumen pun.",
            "Tanyakan kepada ketua RT; bila tinggal di sini, mintalah pencacah mendatanginya.",
        ),
    ),
)

_SHOCK = DesaBook(
    Both("Daftar keluarga terdampak bencana atau wabah", "Families hit by an event"),
    "",
    (
        DesaList(
            _sheet(
                "Keluarga terdampak",
                Both("Keluarga terdampak, menurut urutan prioritas", "Families hit, first those who need help first"),
                (),
                (_EVENT, *_OF_FAMILY, _LIVING, _AFFECTED, _NEEDS, _DONE),
            ),
            "Keluarga yang tinggal di daerah terdampak atau yang anggotanya ada pada daftar korban.",
            "Datangi menurut urutan: yang paling membutuhkan di atas. Keadaan keluarga menurut pendataan terakhir.",
        ),
    ),
)

BOOKS = {"desa_follow_up": _FOLLOW_UP, "shock_affected_family": _SHOCK}
_PLACE = ("programme", "idsubsls", "building_number", "family_number", "person_name", "item_id")


def listed(book: DesaBook, rows: list[Row]) -> list[tuple[DesaList, list[Row]]]:
    """The lists of a book with their rows: an event's by rank, others by programme and the way one goes."""
    if not book.kind_of:
        return [(book.lists[0], sorted(rows, key=lambda row: (row["event_id"], row.get("priority_rank") or 0)))]
    ordered = sorted(rows, key=lambda row: [(row.get(name) is None, row.get(name)) for name in _PLACE])
    return [(one, [row for row in ordered if row[book.kind_of] in one.sheet.kinds]) for one in book.lists]


def place_name(rows: list[Row], desa_code: str) -> str:
    """The desa by name where the rows have it."""
    names = [rows[0].get("desa_name"), rows[0].get("kecamatan_name")] if rows else []
    named = ", Kecamatan ".join(name for name in names if name)
    return f"{named} ({desa_code})" if named else desa_code
