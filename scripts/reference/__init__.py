"""The reference pages of the documentation, written from the code so that they cannot lag behind it.

Start in __main__.py (`python -m scripts.reference`, and `--check` that the pages are up to date). A new
page is a module here with a function `page() -> str`, and its line in `PAGES`.
"""
