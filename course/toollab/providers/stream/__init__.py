"""Server-sent events of the three APIs: a reply as the frames a client receives."""
