import { percent } from '../../domain/drift/wording.js'
import { grouped, scaleNumber } from '../../domain/report/words.js'
import { label } from '../chart-style.js'
import { type Html, html } from '../html.js'
import { at } from './coordinates.js'

/** Shares of two samples over the same places. */
interface Shares {
  readonly reference: readonly number[]
  readonly current: readonly number[]
}

const WIDTH = 400
const LEFT = 4
const RIGHT = 396
const TOP = 22
const BOTTOM = 140

/**
 * The reference as a filled shape and the current data as a stepped line over it: told apart without colours. `ticks` are
 * names along the axis, by the edge that they stand at, 0 to the number of places.
 */
function overlay(
  { reference, current }: Shares,
  ticks: readonly { readonly edge: number; readonly name: string }[],
  name: string,
): Html {
  const highest = Math.max(...reference, ...current, 0)
  const places = Math.max(reference.length, 1)
  const x = (edge: number) => LEFT + ((RIGHT - LEFT) * edge) / places
  const y = (share: number) => BOTTOM - (highest > 0 ? ((BOTTOM - TOP) * share) / highest : 0)
  const steps = (shares: readonly number[]) =>
    shares.map((share, i) => `V${at(y(share))}H${at(x(i + 1))}`).join('')
  const marks = ticks.map(
    ({ edge, name: text }) =>
      html`<text x="${at(x(edge))}" y="157" text-anchor="${anchor(edge, places)}">${text}</text>`,
  )
  return html`<svg class="dist" viewBox="0 0 ${WIDTH} 164" role="img" aria-label="${name}"><path class="r" d="M${LEFT} ${BOTTOM}${steps(reference)}V${BOTTOM}z"/><path class="c" d="M${LEFT} ${BOTTOM}${steps(current)}V${BOTTOM}"/><path class="a" d="M${LEFT} ${BOTTOM}H${RIGHT}M${LEFT} ${TOP}H${RIGHT}"/><text x="${LEFT}" y="16">${percent(highest)}</text>${marks}</svg>`
}

function anchor(edge: number, places: number): string {
  if (edge === 0) return 'start'
  return edge === places ? 'end' : 'middle'
}

/** A histogram of numbers: named at both ends and in the middle. */
export function numericDistribution(
  histogram: Shares & { readonly edges: readonly number[] },
  name: string,
): Html {
  const { edges } = histogram
  const last = edges.length - 1
  const at = [...new Set([0, Math.round(last / 2), last])]
  const ticks = at.map((edge) => ({
    edge,
    name: scaleNumber(short(edges[edge] ?? 0)),
  }))
  return overlay(histogram, ticks, name)
}

function short(value: number): number {
  return Number(value.toPrecision(3))
}

/** Names in an order of their own, such as hours, under their places. */
export function cycleDistribution(
  histogram: Shares & { readonly categories: readonly string[] },
  name: string,
): Html {
  const { categories } = histogram
  const every = Math.ceil(categories.length / 12)
  const ticks = categories.flatMap((text, index) =>
    index % every === 0
      ? [{ edge: index + 0.5, name: label(text, Math.max(3, Math.floor(56 / categories.length))) }]
      : [],
  )
  return overlay(histogram, ticks, name)
}

interface Bars extends Shares {
  readonly categories: readonly string[]
  readonly others: { readonly reference: number; readonly current: number }
  readonly otherCount: number
}

const ROW = 30
const BARS_FROM = 128
const BARS_TO = 292

/** Two bars for each category, the reference's above the current one's, with both shares in numbers. */
export function categoryDistribution(histogram: Bars, most: number, name: string): Html {
  const { categories, reference, current } = folded(histogram, most)
  const highest = Math.max(...reference, ...current, 0) || 1
  const width = (share: number) => at(((BARS_TO - BARS_FROM) * share) / highest)
  const bars = (shares: readonly number[], dy: number) =>
    shares
      .map((share, i) => `M${BARS_FROM} ${ROW * i + dy}h${width(share)}v9h-${width(share)}z`)
      .join('')
  const rows = categories.map((text, i) => {
    const y = ROW * i + 19
    const shares = `${percent(reference[i] ?? 0)} → ${percent(current[i] ?? 0)}`
    return html`<text x="0" y="${y}">${label(text === '' ? '(empty)' : text, 16)}</text><text x="400" y="${y}" text-anchor="end">${shares}</text>`
  })
  return html`<svg class="dist" viewBox="0 0 ${WIDTH} ${ROW * categories.length + 2}" role="img" aria-label="${name}"><path class="r" d="${bars(reference, 5)}"/><path class="c" d="${bars(current, 15)}"/>${rows}</svg>`
}

/** The largest categories, and the rest in one. */
function folded({ categories, reference, current, others, otherCount }: Bars, most: number) {
  const kept = categories.length + (otherCount > 0 ? 1 : 0) <= most ? categories.length : most - 1
  const rest = categories.length - kept + otherCount
  if (rest === 0) return { categories, reference, current }
  const sum = (shares: readonly number[], start: number) =>
    shares.slice(kept).reduce((total, share) => total + share, start)
  return {
    categories: [...categories.slice(0, kept), `${grouped(rest)} others`],
    reference: [...reference.slice(0, kept), sum(reference, others.reference)],
    current: [...current.slice(0, kept), sum(current, others.current)],
  }
}
