"""Takes any text that holds an id for a reference to it.

check: words and prices are no references
mistake: no-reference
"""

def references(arguments, ids):
    text = str(arguments)
    return [one for one in ids if one in text]
