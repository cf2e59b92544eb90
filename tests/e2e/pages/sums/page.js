/* Marks the section being read in the table of contents, as such sites do. */
const links = new Map(
  [...document.querySelectorAll('.toc a')].map((link) => [link.hash.slice(1), link]),
)
const seen = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue
    for (const link of links.values()) link.removeAttribute('aria-current')
    links.get(entry.target.id)?.setAttribute('aria-current', 'true')
  }
}, { rootMargin: '0px 0px -70% 0px' })
for (const heading of document.querySelectorAll('h2[id]')) seen.observe(heading)
