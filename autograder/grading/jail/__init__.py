"""What runs inside the wall: the zygote, its forks, the learner's kernel, and their scenes.

Nothing here is trusted.  Whatever a learner's code does to it, it does to itself.
"""
