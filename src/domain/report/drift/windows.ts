/** The ends of a window, in words: dates where both ends are midnight, else minutes; anything else as it stands. */
export function windowWords(window: string): string {
  const ends = endsOf(window)
  if (ends === undefined) return window
  const days = ends.every((end) => end.endsWith('T00:00'))
  const [from, to] = ends.map((end) => (days ? end.slice(0, 10) : end.replace('T', ' ')))
  return `${from} to ${to}`
}

/** Where a window begins, as short as it can be told. */
export function windowStart(window: string): string {
  const [from] = endsOf(window) ?? []
  if (from === undefined) return window
  return from.endsWith('T00:00') ? from.slice(0, 10) : from.replace('T', ' ')
}

const MOMENT = /^(\d{4}-\d\d-\d\dT\d\d:\d\d)(:\d\d(\.\d+)?)?Z$/

function endsOf(window: string): readonly string[] | undefined {
  const ends = window.split('/').map((end) => MOMENT.exec(end)?.[1])
  const known = ends.filter((end) => end !== undefined)
  return ends.length === 2 && known.length === 2 ? known : undefined
}
