import type { MetricData } from './data.js'

const KEPT = new WeakMap<Float64Array, { code: number | undefined; positives: Uint8Array }>()

/** One for each row of the positive class, else zero; the same array for the same labels. Not to be changed. */
export function positivesOf({ labels, positive: code }: MetricData): Uint8Array {
  const kept = KEPT.get(labels)
  if (kept !== undefined && kept.code === code) return kept.positives
  const positives = new Uint8Array(labels.length)
  for (let row = 0; row < labels.length; row++) positives[row] = labels[row] === code ? 1 : 0
  KEPT.set(labels, { code, positives })
  return positives
}
