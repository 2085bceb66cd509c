"""What runs outside the wall: the instructor's checks, with stand-ins for the learner's names."""
