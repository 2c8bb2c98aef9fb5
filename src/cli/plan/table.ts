import type { RulePlan, SliceNeed } from '../../domain/gate/planning/plan-rules.js'
import type { Beliefs } from '../../domain/gate/planning/required-examples.js'
import { countText } from '../../domain/gate/wording.js'

/** Slices shown of those that have too few examples. */
const SLICES_SHOWN = 10

/** How many examples each rule needs, for people: a line a rule, with what the number rests on below it. */
export function planTable(rules: readonly RulePlan[], beliefs: Beliefs): string {
  const { power, level, difference } = beliefs
  const width = Math.max(4, ...rules.map(({ rule }) => printable(rule).length))
  const head = `Examples that settle each rule with power ${power} at ${level * 100}% confidence, if the true difference is ${difference}:`
  const lines = rules.flatMap((rule) => [
    `  ${printable(rule.rule).padEnd(width)}  ${neededText(rule)}`,
    ...restText(rule).map((line) => `  ${' '.repeat(width)}  ${line}`),
  ])
  return `${[head, '', ...lines].join('\n')}\n`
}

function neededText({ needed, reason = 'no number is known' }: RulePlan): string {
  return needed === null ? `no number: ${printable(reason)}` : countText(needed)
}

function restText(rule: RulePlan): string[] {
  const { needed, method, assumptions, minSize, slicedBy, slices, neededForSlices } = rule
  const given = Object.entries(assumptions).map(([name, value]) => `${name} ${short(value)}`)
  const lines = method === undefined ? [] : [`${method}; ${given.join(', ')}`]
  if (needed === null || minSize === null) return lines
  const by = slicedBy.map(printable).join('; ')
  lines.push(`each slice by ${by} needs as many (slices.min-size is ${minSize})`)
  const lacking = slices.filter(({ enough }) => !enough)
  lines.push(
    ...lacking
      .slice(0, SLICES_SHOWN)
      .map((slice) => `too few: ${sliceText(slice)} has ${countText(slice.now)}`),
  )
  if (lacking.length > SLICES_SHOWN)
    lines.push(`and ${lacking.length - SLICES_SHOWN} more slices have too few`)
  if (neededForSlices !== null) {
    lines.push(`about ${countText(neededForSlices)} in all, so that the smallest slice has enough`)
  }
  return lines
}

function sliceText({ slice }: SliceNeed): string {
  return [slice, ...(slice.and ?? [])]
    .map(
      ({ column, value }) =>
        `${printable(column)} ${value === null ? 'missing' : `= ${printable(value)}`}`,
    )
    .join(', ')
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)))
}

/** Names come from files: nothing in them may steer a terminal. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?').slice(0, 200)
}
