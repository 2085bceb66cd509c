"""Grade submissions behind a trust boundary: intake, jail, witness, engine, gradebook."""
