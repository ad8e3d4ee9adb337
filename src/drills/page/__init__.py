"""The parts of the HTML report: sections, charts, and the style and script that they need."""
