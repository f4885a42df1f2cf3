"""Reading egor's three files."""

from pathlib import Path

import pytest
from formats.foreign import AATIES, ALTERS, EGOS, egor_files

from kithwork.formats import Options, Reading, read
from kithwork.model.errors import FormatError


def codes(reading: Reading) -> list[str]:
    return [problem.code for problem in reading.problems]


def options(**choices: str) -> Options:
    return Options(choices=choices)


def test_three_files_in_any_order_become_participants_maps_and_ties(tmp_path: Path) -> None:
    paths = egor_files(tmp_path)
    for order in (paths, paths[::-1], [tmp_path]):
        tables = read(order).tables
        assert tables.problems() == []
        counts = tables.counts()
        assert (counts["participants"], counts["maps"], counts["ties"], counts["alter_ties"]) == (3, 3, 4, 2)
        assert tables["alter_ties"]["weight"].to_list() == [1.0, 0.5]
        assert tables["maps"]["alter_ties_asked"].unique().to_list() == ["yes"]


def test_an_ego_without_alters_keeps_an_empty_map(tmp_path: Path) -> None:
    tables = read(egor_files(tmp_path)).tables
    maps = dict(zip(tables["interviews"]["id"], tables["maps"]["id"], strict=True))
    drawn = set(tables["ties"]["map_id"])
    assert len(set(maps.values()) - drawn) == 1


def test_without_alter_ties_the_maps_say_they_were_not_asked(tmp_path: Path) -> None:
    tables = read(egor_files(tmp_path, aaties=None)).tables
    assert tables["maps"]["alter_ties_asked"].unique().to_list() == ["no"]


@pytest.mark.parametrize(
    "header",
    [
        (".egoID", ".altID", ".srcID", ".tgtID"),
        ("egoID", "alterID", "Source", "Target"),
        (".EGOID", ".ALTID", ".SRCID", ".TGTID"),
        ("ego_ID", "alter_ID", "from", "to"),
        ("EgoID", "Alter.Number", "Alter.1.Number", "Alter.2.Number"),
    ],
)
def test_id_columns_are_known_under_the_names_in_use(tmp_path: Path, header: tuple[str, str, str, str]) -> None:
    ego, alter, source, target = header
    paths = egor_files(
        tmp_path,
        EGOS.replace("egoID", ego),
        ALTERS.replace("egoID", ego).replace("alterID", alter),
        AATIES.replace("egoID", ego).replace("Source", source).replace("Target", target),
    )
    assert read(paths).tables.counts()["alter_ties"] == 2


def test_id_columns_with_names_of_their_own_can_be_told(tmp_path: Path) -> None:
    paths = egor_files(tmp_path, *(text.replace("egoID", "respondent").replace("alterID", "who") for text in (EGOS, ALTERS, AATIES)))
    with pytest.raises(FormatError):
        read(paths)
    told = Options(columns={"ego": "respondent", "alter": "who"})
    assert read(paths, options=told).tables.counts()["ties"] == 4


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_any_delimiter_in_use_is_read(tmp_path: Path, delimiter: str) -> None:
    paths = egor_files(tmp_path, *(text.replace(",", delimiter) for text in (EGOS, ALTERS, AATIES)))
    assert read(paths).tables["alter_ties"]["weight"].to_list() == [1.0, 0.5]


def test_a_decimal_comma_is_read_where_the_delimiter_is_another(tmp_path: Path) -> None:
    paths = egor_files(tmp_path, *(text.replace(",", ";").replace("0.5", "0,5") for text in (EGOS, ALTERS, AATIES)))
    assert read(paths).tables["alter_ties"]["weight"].to_list() == [1.0, 0.5]


def test_ids_with_leading_zeros_stay_as_they_are(tmp_path: Path) -> None:
    paths = egor_files(tmp_path, "egoID\n01\n1\n", "egoID,alterID,postcode\n01,007,0123\n1,7,0456\n", None)
    reading = read(paths)
    assert reading.tables["participants"]["pseudonym"].to_list() == ["01", "1"]
    assert reading.tables["alters"]["pseudonym"].to_list() == ["007", "7"]
    assert reading.tables["answers"]["text"].to_list() == ["0123", "0456"]
    assert "mixed_ids" in codes(reading)


def test_ids_can_be_compared_as_numbers(tmp_path: Path) -> None:
    paths = egor_files(tmp_path, "egoID\n01\n", "egoID,alterID\n1.0,1\n", None)
    assert codes(read(paths, options=options(mixed_ids="as_text"))) == ["mixed_ids", "unknown_ego"]
    for choice, pseudonym in (("as_number", "1"), ("alike", "01")):
        tables = read(paths, options=options(mixed_ids=choice)).tables
        assert tables.counts()["ties"] == 1
        assert tables["participants"]["pseudonym"].to_list() == [pseudonym]


def test_ids_written_in_two_ways_in_one_file_are_two_ids(tmp_path: Path) -> None:
    paths = egor_files(tmp_path, "egoID\n01\n1\n", "egoID,alterID\n1.0,1\n", None)
    assert codes(read(paths)) == ["mixed_ids", "unknown_ego"]


@pytest.mark.parametrize("mark", ["|", "\t", ";"])
@pytest.mark.parametrize("first", ["", "sep={mark}\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be"])
def test_other_delimiters_and_encodings_are_read(tmp_path: Path, mark: str, first: str, encoding: str) -> None:
    paths = egor_files(tmp_path, EGOS, ALTERS + "9,1,20\n", AATIES)
    for path in paths:
        text = first.format(mark=mark) + path.read_text(encoding="utf-8").replace(",", mark).replace("\n", "\r\n")
        path.write_bytes(text.encode(encoding))
    reading = read(paths)
    assert reading.tables.counts()["alter_ties"] == 2
    assert [problem.row for problem in reading.problems if problem.code == "unknown_ego"] == [7 if first else 6]


def test_signs_for_missing_are_not_answers_and_codes_are_pointed_out(tmp_path: Path) -> None:
    paths = egor_files(tmp_path, "egoID,mood\n1,.\n2,-9\n3,4\n", ALTERS.replace("30", "#N/A"), None)
    reading = read(paths)
    assert "may_be_missing" in codes(reading)
    assert sorted(row["number"] for row in reading.tables.rows("answers")) == [-9, 4, 40, 50, 60]
    assert any("read as not answered" in sentence for sentence in reading.losses)
    told = read(paths, options=Options(missing={"-9": "refused"}))
    assert "may_be_missing" not in codes(told)
    assert [row["codes"] for row in told.tables.rows("answers") if "codes" in row] == [["missing:refused"]]


@pytest.mark.parametrize(
    ("row", "code", "choices"),
    [
        ("1,1,9,1", "dangling_alter_tie", {"drop": 2}),
        ("2,1,3,1", "dangling_alter_tie", {"drop": 2}),
        ("1,2,2,1", "loop", {"drop": 2, "keep": 3}),
        ("1,1,2,1", "repeated_pair", {"keep_first": 2, "keep_all": 3}),
        ("1,2,1,1", "repeated_pair", {"keep_first": 2, "keep_all": 3}),
        ("1,1,3,0", "zero_weight", {"keep": 3, "drop": 2}),
        ("1,1,3,-2", "negative_weight", {"keep": 3, "drop": 2}),
        ("9,1,2,1", "unknown_ego", {"drop": 2}),
    ],
)
def test_each_flaw_of_an_alter_tie_is_one_line_and_a_choice(tmp_path: Path, row: str, code: str, choices: dict[str, int]) -> None:
    paths = egor_files(tmp_path, aaties=f"{AATIES}{row}\n")
    found = [problem for problem in read(paths).problems if problem.code == code]
    assert [(problem.file, problem.row) for problem in found] == [("aaties.csv", 4)]
    assert found[0].choice == next(iter(choices))
    for choice, kept in choices.items():
        assert read(paths, options=options(**{code: choice})).tables.counts()["alter_ties"] == kept
    with pytest.raises(FormatError, match=r"aaties\.csv, row 4"):
        read(paths, options=options(**{code: "stop"}))


def test_a_recorded_non_tie_keeps_its_zero(tmp_path: Path) -> None:
    tables = read(egor_files(tmp_path, aaties=f"{AATIES}1,1,3,0\n")).tables
    assert tables["alter_ties"]["weight"].to_list() == [1.0, 0.5, 0.0]


def test_a_tie_without_weight_is_not_given_one(tmp_path: Path) -> None:
    tables = read(egor_files(tmp_path, aaties="egoID,Source,Target,weight\n1,1,2,NA\n1,2,3,\n")).tables
    assert tables["alter_ties"]["weight"].to_list() == [None, None]


def test_alters_of_unknown_egos_and_repeated_rows_are_one_line_each(tmp_path: Path) -> None:
    paths = egor_files(tmp_path, f"{EGOS}1,m\n", f"{ALTERS}9,1,20\n1,2,41\n1,,41\n")
    assert sorted(set(codes(read(paths))) - {"read_as_number", "read_as_choice"}) == [
        "no_id",
        "repeated_alter",
        "repeated_ego",
        "unknown_ego",
    ]


def test_columns_of_ours_are_recognised_only_when_every_value_fits(tmp_path: Path) -> None:
    alters = "egoID,alterID,kind,trust,reliability,contact\n1,1,place,Strong trust,4,sometimes\n1,2,person,absent,0,daily\n"
    tables = read(egor_files(tmp_path, alters=alters, aaties=None)).tables
    assert tables["alters"]["kind"].to_list() == ["place", "person"]
    assert tables["ties"]["trust"].to_list() == ["strong", "absent"]
    assert tables["ties"]["reliability"].to_list() == [4, 0]
    assert tables["questions"].filter(subject="tie")["wording"].to_list() == ["contact"]


def test_ids_that_may_be_names_are_kept_apart(tmp_path: Path) -> None:
    paths = egor_files(tmp_path, "egoID\n1\n", "egoID,alterID\n1,Harry\n1,Liz\n", "egoID,Source,Target\n1,Harry,Liz\n")
    reading = read(paths)
    assert "names_as_ids" in codes(reading)
    assert reading.tables["alters"]["pseudonym"].to_list() == ["Person 1", "Person 2"]
    assert reading.tables["identities"]["name"].to_list() == ["Harry", "Liz"]
    assert not any("Harry" in str(frame.drop("name", strict=False).to_dicts()) for frame in reading.tables.frames.values())
    assert not any("Harry" in problem.line for problem in reading.problems)


def test_a_column_of_numbers_is_read_so_only_if_it_can_be_written_again(tmp_path: Path) -> None:
    alters = "egoID,alterID,a,b,c\n1,1,30,030,1e3\n1,2,4.5,1,2\n"
    tables = read(egor_files(tmp_path, alters=alters, aaties=None)).tables
    kinds = dict(zip(tables["questions"]["wording"], tables["questions"]["answer_kind"], strict=True))
    assert (kinds["a"], kinds["b"], kinds["c"]) == ("number", "text", "text")


def test_two_files_of_the_same_part_are_refused_by_name(tmp_path: Path) -> None:
    paths = egor_files(tmp_path)
    (tmp_path / "more.csv").write_text(f"{ALTERS}2,2,1\n")
    with pytest.raises(FormatError, match=r"'alters\.csv' and 'more\.csv' both look like egor's alters"):
        read([*paths, tmp_path / "more.csv"])


def test_the_same_file_twice_is_read_once(tmp_path: Path) -> None:
    paths = egor_files(tmp_path)
    reading = read([*paths, paths[1]])
    assert reading.tables.counts()["ties"] == 4
    assert "same_file" in codes(reading)


def test_an_id_that_is_missing_in_r_is_no_id(tmp_path: Path) -> None:
    reading = read(egor_files(tmp_path, f"{EGOS}NA,f\n", f"{ALTERS}1,NA,20\n"))
    assert codes(reading).count("no_id") == 2
    assert (reading.tables.counts()["participants"], reading.tables.counts()["ties"]) == (3, 4)
