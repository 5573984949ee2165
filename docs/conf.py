"""How the documentation is built: Sphinx with MyST and Furo, nothing fetched from elsewhere."""

import tomllib
from pathlib import Path

_PROJECT = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text("utf-8"))["project"]

project = "Toegang"
project_copyright = "the contributors to Toegang, EUPL-1.2"
version = release = _PROJECT["version"]
language = "en"

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
myst_enable_extensions = ["deflist", "colon_fence"]
myst_heading_anchors = 3
# Pages are read on a forge too, where links to files beside docs/ work.
suppress_warnings = ["myst.xref_missing"]

html_theme = "furo"
html_title = f"Toegang {version}"
html_static_path: list[str] = []
html_show_sphinx = False
html_copy_source = False
