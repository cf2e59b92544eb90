/**
 * On a page in a sandbox (of an opaque origin: HTML, "sandboxed origin browsing context flag") we
 * can have no document of our own, see room.ts. Where scripts run in it all the same, they could read
 * what is shown of a note on the page, so none is, unless the reader says so there.
 *
 * A file is of such an origin too, but no stranger to its own frames.
 */

const opaque = origin === 'null' && location.protocol !== 'file:'

export const exposure = {
  /** Until the page is left. Of no concern where no script of the page runs. */
  accepted: !opaque || !runsScripts(),
}

/** Chromium tells a script of ours, which runs, that scripts do: there, all but plain texts may. */
function runsScripts(): boolean {
  if (matchMedia('(scripting: none)').matches) return false
  return /html|xml/.test(document.contentType)
}
