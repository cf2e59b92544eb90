// Ticking notes: all of them at one go, and how many they are.

export function helpPicking() {
  document.addEventListener('change', (event) => {
    if (event.target.matches('.pick input')) tell()
  })
  document.addEventListener('click', (event) => {
    if (!event.target.closest('a.all')) return
    event.preventDefault()
    const ticks = [...document.querySelectorAll('.pick input')]
    const all = ticks.every((tick) => tick.checked)
    for (const tick of ticks) tick.checked = !all
    tell()
  })
  // A browser that comes back to a page ticks what was ticked.
  addEventListener('pageshow', tell)
}

function tell() {
  const count = document.querySelectorAll('.pick :checked').length
  const said = document.querySelector('.picked')
  if (said) said.textContent = `${count} selected`
}
