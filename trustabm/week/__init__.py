"""How a week is carried out over the columns: making people, the phases, custody, records, beliefs.

Compiled; the choices themselves are in `rules`.
"""
