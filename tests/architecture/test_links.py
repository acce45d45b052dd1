"""Links between the pages of this repository."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]


def test_every_link_leads_to_a_file() -> None:
    """Pages move; what points to them has to follow."""
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in PAGES
        for target in re.findall(r"(?:\]\(|<img src=\")([^)\"#\s]+)", page.read_text())
        # A path on a running registry begins with a slash.
        if not target.startswith(("http://", "https://", "/")) and not (page.parent / target).exists()
    ]
    assert broken == []


def test_every_page_can_be_reached_from_the_readme() -> None:
    """A page that nothing links to is read by nobody."""
    found = {ROOT / "README.md"}
    waiting = list(found)
    while waiting:
        page = waiting.pop()
        for target in re.findall(r"\]\(([^)#\s]+\.md)", page.read_text()):
            linked = (page.parent / target).resolve()
            if linked.is_file() and linked not in found:
                found.add(linked)
                waiting.append(linked)
    assert {page for page in PAGES if page not in found} == set()
