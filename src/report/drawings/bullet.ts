import { type Html, html } from '../html.js'
import { at } from './coordinates.js'

/** A value against its limit, and what can be told from chance. */
interface Bullet {
  readonly value: number
  readonly limit: number
  /** What chance alone makes. */
  readonly noise?: number | null | undefined
  /** The smallest that would show. */
  readonly detectable?: number | null | undefined
  /** Where the axis begins: what the value is when nothing differs. */
  readonly base: number
  readonly interval?: { readonly low: number; readonly high: number } | null | undefined
  /** Where the axis ends; unless given, where the value does, but at four times the limit. */
  readonly most?: number | undefined
}

const WIDTH = 240
const HEIGHT = 28
/** Unless the axis is given, a value beyond this multiple of the limit ends at the edge, with an arrow. */
const MOST_TIMES = 4

/**
 * A bar for the value, a tall line for the limit, a shaded stretch for the noise, a triangle for the smallest change
 * that would show. `status` colours the bar. What it says stands beside it as text: it is hidden from screen readers.
 */
export function bullet(given: Bullet, status: string): Html {
  const scale = scaleOf(given)
  const { value, limit, noise, detectable, interval } = given
  const end = scale(value)
  return html`<svg class="bullet" viewBox="0 0 ${WIDTH} ${HEIGHT}" aria-hidden="true"><path class="track" d="M0 11h${WIDTH}v6H0z"/>${
    noise == null ? html`` : html`<path class="noise" d="M0 5h${at(scale(noise))}v18H0z"/>`
  }<path class="value ${status}" d="M0 9h${at(end)}v10H0z"/>${
    end === WIDTH ? html`<path class="more" d="M230 9l5 5-5 5M224 9l5 5-5 5"/>` : html``
  }${interval == null ? html`` : whisker(scale(interval.low), scale(interval.high))}${
    detectable == null ? html`` : triangle(scale(detectable))
  }<path class="limit" d="M${at(scale(limit))} 1v26"/></svg>`
}

function whisker(low: number, high: number): Html {
  return html`<path class="whisker" d="M${at(low)} 10v8M${at(low)} 14H${at(high)}M${at(high)} 10v8"/>`
}

function triangle(x: number): Html {
  return html`<path class="shows" d="M${at(x)} 20l4 7h-8z"/>`
}

function scaleOf({ base, value, limit, noise, detectable, interval, most }: Bullet) {
  const over = (end: number | null | undefined) => (end ?? base) - base
  const widest = Math.max(2 * over(limit), over(value), over(interval?.high), over(noise))
  const cut = MOST_TIMES * over(limit)
  const usual = cut > 0 ? Math.max(Math.min(cut, widest), Math.min(cut, over(detectable))) : widest
  const top = most === undefined ? usual : over(most)
  return (end: number) => {
    const part = top > 0 ? over(end) / (1.04 * top) : 0
    // Only what is beyond the scale touches the edge.
    return over(end) > top ? WIDTH : WIDTH * Math.min(Math.max(part, 0), 0.99)
  }
}
