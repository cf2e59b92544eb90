/**
 * Tells a live rel=canonical from one that a single-page navigation left behind.
 *
 * Single-page apps change the address and often leave the head alone: the link then names the
 * article the reader came from, and a note filed under it would turn up there. So after a
 * navigation a claim is believed only once it differs from the last one of the page before.
 */
export function canonicalRule() {
  let page = ''
  let claim: string | undefined
  let left: string | undefined

  return (url: string, claimed: string | undefined): string | undefined => {
    // Few addresses have a fragment, and to make an expression takes longer than all else here.
    const here = url.includes('#') ? url.replace(/#(?![/!]).*/s, '') : url
    if (page && page !== here) left = claim
    page = here
    claim = claimed
    if (claimed !== left) left = undefined
    return left ? undefined : claimed
  }
}
