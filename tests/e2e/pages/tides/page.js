/* What such pages do: put the cookie bar away, and count paragraphs for a reading time. */
const bar = document.querySelector('.cookies')
bar.querySelector('button').addEventListener('click', () => bar.classList.add('gone'))
