"""From the instructor's source notebooks to what a learner receives, and the course's own gate.

`course` finds the files, `build` turns a source notebook into a learner's one, `tables` keeps
the course tables, `refresh` stores outputs, `lint` judges the source.  Submodules are imported
by name, for each of them costs time: nbgrader alone takes seconds.
"""
