"""What crosses the wall: frames of plain data, in both directions; never pickle.

Both sides run this package.  `messages` is the schema, `channel` moves frames, `values` turns
Python values into plain data and back, `handles` stands in for what stays on the other side, and
`peer` makes and serves calls.
"""
