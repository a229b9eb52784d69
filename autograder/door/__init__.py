"""The narrow door between a check and a student's work, both sides of it: source text and data go
in, data comes out, and no pickle crosses it. `inside` runs beside the student's code, `student` is
the grader's side."""
