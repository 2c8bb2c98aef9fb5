import { type Html, html } from '../html.js'
import { at } from './coordinates.js'

const WIDTH = 260
const HEIGHT = 70
const BOTTOM = 64

/** A number over time against its limit (dashed): gaps where there was none, a dot where it stands alone or last. */
export function course(
  values: readonly (number | null)[],
  { limit, base, name }: { readonly limit: number; readonly base: number; readonly name: string },
): Html {
  const known = values.filter((value) => value !== null)
  const top = Math.max(limit - base, ...known.map((value) => value - base)) * 1.1 || 1
  const x = (index: number) => 6 + ((WIDTH - 12) * index) / Math.max(values.length - 1, 1)
  const y = (value: number) => BOTTOM - ((BOTTOM - 4) * Math.max(0, value - base)) / top
  const line = values
    .map((value, i) => {
      if (value === null) return ''
      return `${(values[i - 1] ?? null) === null ? 'M' : 'L'}${at(x(i))} ${at(y(value))}`
    })
    .join('')
  const dots = values.map((value, i) => {
    const alone = (values[i - 1] ?? null) === null && (values[i + 1] ?? null) === null
    if (value === null || (!alone && i < values.length - 1)) return html``
    return html`<circle cx="${at(x(i))}" cy="${at(y(value))}" r="3.5"/>`
  })
  return html`<svg class="course" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${name}"><path class="a" d="M0 ${BOTTOM}H${WIDTH}"/><path class="limit" d="M0 ${at(y(limit))}H${WIDTH}"/><path class="c" d="${line}"/>${dots}</svg>`
}
