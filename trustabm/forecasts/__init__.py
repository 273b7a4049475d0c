"""The registry of forecasts: dated, hashed statements about what nobody has published yet.

`questions.toml` says what is forecast, `worlds` lives through the places, `make` writes a batch,
`registry` keeps, checks and fills it, `score` says how far off it was.
"""
