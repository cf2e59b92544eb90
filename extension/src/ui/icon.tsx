/** Small drawings on buttons. The button around one carries the name. */
const PATHS = {
  edit: 'M4 16l.7-3.2L13 4.5a1.8 1.8 0 0 1 2.5 2.5l-8.3 8.3z',
  trash: 'M4 6h12M8 6V4h4v2M5.5 6l.700 10.5h7.6L14.5 6M8.5 9v5M11.5 9v5',
  search: 'M9 14.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zM13 13l4 4',
  attach: 'M10 3v9M6.5 8.5L10 12l3.5-3.5M4 16.5h12',
  archive: 'M3.5 4.5h13v3h-13zM4.5 7.5v8.5h11V7.5M8 10.5h4',
  accept: 'M5 10.5l3.2 3.2L15 6.5',
  note: 'M10 4.5v11M4.5 10h11',
  panel: 'M3.5 4.5h13v11h-13zM12 4.5v11',
  hide:
    'M3 10s2.5-4.5 7-4.5S17 10 17 10s-2.5 4.5-7 4.5S3 10 3 10z' +
    'M10 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM4 16L16 4',
  show:
    'M3 10s2.5-4.5 7-4.5S17 10 17 10s-2.5 4.5-7 4.5S3 10 3 10z' +
    'M10 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4z',
  pause: 'M7 5v10M13 5v10',
  resume: 'M6.5 4.5l9 5.5-9 5.5z',
  library: 'M4 4.5v11M7.5 4.5v11M11 4.7l4.5 10.6',
  options:
    'M4 6.5h7M15 6.5h1M4 13.5h1M9 13.5h7M13 8.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4z' +
    'M7 15.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4z',
  close: 'M5.5 5.5l9 9M14.5 5.5l-9 9',
} as const

export type IconName = keyof typeof PATHS

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  )
}
