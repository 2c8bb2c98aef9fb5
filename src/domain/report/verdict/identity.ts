import { countText, levelText } from '../../gate/wording.js'
import { code, escapeMarkdown, table } from '../escape.js'
import { folded, name } from '../fragments.js'
import type { ShownVerdict } from './shown.js'
import { baselineText } from './trust.js'

/** A subject of the statement. */
export interface Subject {
  readonly name: string
  readonly digest: { readonly sha256: string }
}

const MOST_FILES = 10

/** What was judged, by digest: each can be checked with `modelway verify`. */
export function identity(predicate: ShownVerdict, subject: readonly Subject[]): string {
  return folded(
    'Data and code identity',
    table(['What', 'Which', 'Digest'], identityRows(predicate, subject)),
  )
}

function identityRows(predicate: ShownVerdict, subject: readonly Subject[]): string[][] {
  const { predictions, baseline, inputs, change } = predicate
  const rows = subject
    .slice(0, MOST_FILES)
    .map((file) => ['Judged file', name(file.name), code(file.digest.sha256)])
  if (predictions != null && predictions !== null)
    rows.push(['Predictions', name(predictions.path), code(predictions.sha256)])
  if (baseline !== null)
    rows.push([
      'Baseline',
      name(baseline.source),
      baseline.digest == null ? '–' : code(baseline.digest),
    ])
  for (const input of (inputs ?? []).slice(0, MOST_FILES))
    rows.push([`${kindOf(input.predicateType)} statement`, '–', code(input.digest)])
  if (change?.commit != null)
    rows.push(['Commit', pullRequest(change.pullRequest), code(change.commit)])
  return rows
}

function pullRequest(number: number | null): string {
  return number === null ? '–' : `of pull request ${number}`
}

/** `https://…/training/v1` → `Training`. */
function kindOf(predicateType: string): string {
  const kind = /\/([a-z]{1,30})\/v\d+$/.exec(predicateType)?.[1] ?? 'other'
  return kind.charAt(0).toUpperCase() + kind.slice(1)
}

/** How many examples there were, and of whose. */
function examplesText({ candidate, baseline, joined }: ShownVerdict['samples']): string {
  if (candidate === 0) return 'No examples, numbers alone'
  if (baseline === null) return `${countText(joined)} examples`
  const each = `${countText(candidate)} of the candidate, ${countText(baseline)} of the baseline`
  if (joined === 0) return `Different examples: ${each}`
  return `${countText(joined)} examples in both files (${each})`
}

/** On which examples, against what and how it was judged, in a line or two. */
export function footer(predicate: ShownVerdict): string {
  const { samples, policy, baseline } = predicate
  const judged =
    policy === undefined
      ? ''
      : ` ${levelText(policy.confidence)} intervals, ${escapeMarkdown(correctionWords(policy.correction))}.`
  return `${examplesText(samples)}${abstained(predicate)}. Baseline: ${baselineText(baseline)}.${judged}`
}

export function correctionWords(correction: string): string {
  return correction === 'none'
    ? 'failures not corrected for the number of checks'
    : `failures corrected by ${correction}`
}

function abstained({ samples: { abstained: without } }: ShownVerdict): string {
  if (without === undefined) return ''
  const of = [
    `${countText(without.candidate)} of the candidate`,
    ...(without.baseline === null ? [] : [`${countText(without.baseline)} of the baseline`]),
  ]
  return `; without a prediction, counted as wrong: ${of.join(', ')}`
}
