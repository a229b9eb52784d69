"""`ntk collect` with the students that stand in nbgrader's gradebook."""

from __future__ import annotations

from nbgrader.api import Gradebook

from autograder.cli import main
from demo.light import LIGHT, NOTEBOOK, make_light_course
from tests.helpers.archives import collect, pack

NB = f"{NOTEBOOK}.ipynb"


def test_the_students_of_the_gradebook(tmp_path, capsys):
    course = make_light_course(tmp_path / "course")
    archive = pack(
        tmp_path / "a.zip",
        {
            f"lovelaceada_11_1_{NB}": b"by number",
            f"hoppergrace_12_2_{NB}": b"by name",
            f"noether_13_3_{NB}": b"no names",
        },
    )
    code = main(["collect", LIGHT, str(archive), "--course", str(course)])
    err = capsys.readouterr().err
    assert code == 2 and "--students" in err and len(err.splitlines()) == 1
    assert not (course / "gradebook.db").exists() and not (course / "submitted").exists()

    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        gradebook.add_student("ada", lms_user_id="11")
        gradebook.add_student("grace", first_name="Grace", last_name="Hopper")
        gradebook.add_student("noether", email="noether@example.org")
    assert collect(capsys, course, archive)["collected"] == ["ada", "grace", "noether"]

    other = tmp_path / "other.csv"  # ids that are not those of the gradebook
    other.write_text("First name,Last name,ID number,Email address\nAda,Lovelace,77,ada@x.org\n")
    command = ["collect", LIGHT, str(archive), "--course", str(course), f"--students={other}"]
    assert main(command) == 2 and "--id 'email-name'" in capsys.readouterr().err
    said = collect(capsys, course, archive, f"--students={other}", "--id", "email-name")
    assert said["unchanged"] == ["ada"]
