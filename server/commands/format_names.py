"""What the formats are called, without the formats: those read Markdown, HTML, archives and tables,
and take longer to load than most commands run. A test holds these to `server.formats`."""

WRITTEN = ("html", "hypothesis", "markdown", "markdown-zip", "ndjson", "readwise", "text", "w3c")
READ = (
    "hypothesis",
    "instapaper",
    "karakeep",
    "kindle",
    "ndjson",
    "obsidian-clipper",
    "omnivore",
    "pocket",
    "readwise",
    "w3c",
    "wallabag",
)
