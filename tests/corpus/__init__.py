"""Small bad or odd files, made by ``make_files.py``; what is expected of each, and what plain pandas does with it."""
