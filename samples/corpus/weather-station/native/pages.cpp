// Splits a report into pages.
#include <string>

int page_count(int lines, int lines_a_page) { return (lines + lines_a_page - 1) / lines_a_page; }

std::string page_title(int page, int pages) { return "page " + std::to_string(page) + " of " + std::to_string(pages); }
