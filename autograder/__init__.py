"""The instructor's side: release the course, check its quality, grade what learners hand in.

Nothing a learner runs imports this package.
"""
