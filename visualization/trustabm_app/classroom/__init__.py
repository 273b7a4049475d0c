"""A class: the room that phones on the local network see, and the page of the teacher."""
