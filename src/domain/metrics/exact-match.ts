import { unitMetric } from './unit-metrics.js'

/** Share of an example's samples whose text is the label's, character by character: nothing is trimmed or folded. */
export const exactMatch = unitMetric({
  name: 'exact-match',
  summary: "Share of an example's samples that equal the label exactly, averaged over examples.",
  tasks: ['generation'],
  direction: 'higher',
  needs: ['prediction'],
  range: [0, 1],
  unit: 'example',
  unitNeeds: 'texts of label and prediction',
  perUnit({ texts }) {
    if (texts === undefined || texts.prediction.length === 0) return undefined
    const { label, prediction } = texts
    let equal = 0
    for (let i = 0; i < prediction.length; i++) if (prediction[i] === label[i]) equal++
    return equal / prediction.length
  },
})
