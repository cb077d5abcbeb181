"""The table "fact, fake, service, same?", in Markdown, to be sent to us."""

NOT_ASKED = "not asked"


def table(rows):
    """Return the lines of the table of *rows* (fact, fake, service); equal rows stand there once."""
    lines = ["| fact | fake | service | same? |", "|---|---|---|---|"]
    for fact, fake, service in rows:
        same = "-" if service == NOT_ASKED else "yes" if service == fake else "NO"
        cells = [str(cell).replace("x" * 1025, "x…").replace("|", r"\|") for cell in (fact, fake, service, same)]
        lines.append(f"| {' | '.join(cells)} |")
    return list(dict.fromkeys(lines))
