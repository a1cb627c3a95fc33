"""From a lecturer's files to scored pairs: read, match columns, pair, score, look for what is wrong."""
