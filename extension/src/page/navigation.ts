/**
 * Single-page navigation: the address changes and no document is loaded.
 *
 * A page's own `history.pushState` can't be seen from an isolated world by patching it; the
 * Navigation API tells of it. Browsers without it still tell of back, forward and fragments.
 */
export function onNavigate(moved: () => void, signal?: AbortSignal): void {
  let last = location.href
  const look = () => {
    if (location.href === last) return
    last = location.href
    moved()
  }
  const until = signal && { signal }
  globalThis.navigation?.addEventListener('currententrychange', look, until)
  addEventListener('popstate', look, until)
  addEventListener('hashchange', look, until)
}
