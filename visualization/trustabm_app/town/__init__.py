"""Town and Compare: worlds that live through weeks, their map and charts, and the replay."""
