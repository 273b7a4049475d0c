"""What a user may state: parameters, policies, timelines and towns, the files that ship, and draws.

Each is declared once and read strictly; nothing here knows a week or a world.
"""
