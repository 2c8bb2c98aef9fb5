import { categoryPair, numericPair, sampleOf } from '../../src/domain/drift/samples.js'
import { jensenShannonDistance } from '../../src/domain/stats/jensen-shannon.js'
import { total } from '../../src/domain/stats/shares.js'
import { upperGamma } from '../../src/domain/stats/special/gamma.js'
import { normalisedWasserstein } from '../../src/domain/stats/wasserstein.js'
import type { Column } from '../../src/domain/table/column.js'
import { type Cell, type Part, percent, type Row } from './cell.js'
import { compare, DEFAULTS, decide, type Sizes } from './drift.js'
import { EQUAL, type Law, NORMAL } from './drift-laws.js'
import { namedRandom } from './random-numbers.js'

/** Whether a fixed rule flags a column. */
type Rule = (before: Column, now: Column) => boolean

/** The reference's shares taken as known exactly: a one-sample chi-square test, p below 0.05. */
const oneSample: Rule = (before, now) => {
  const { pair } = categoryPair(sampleOf(before), sampleOf(now))
  if (pair.kind !== 'categorical') return false
  const scale = total(pair.current) / total(pair.reference)
  let statistic = 0
  for (const [i, count] of pair.reference.entries()) {
    const expected = count * scale
    const seen = pair.current[i] ?? 0
    if (expected === 0 && seen > 0) return true
    if (expected > 0) statistic += (seen - expected) ** 2 / expected
  }
  return upperGamma((pair.reference.length - 1) / 2, statistic / 2) < 0.05
}

/** A Jensen-Shannon distance, in nats, of at least 0.1. */
const fixedJensenShannon: Rule = (before, now) => {
  const { pair } = categoryPair(sampleOf(before), sampleOf(now))
  if (pair.kind !== 'categorical') return false
  return (jensenShannonDistance(pair) ?? 0) * Math.sqrt(Math.LN2) >= 0.1
}

/** A Wasserstein distance of at least 0.1 standard deviations of the reference. */
const fixedWasserstein: Rule = (before, now) => {
  const { pair } = numericPair(sampleOf(before), sampleOf(now))
  if (pair.kind !== 'numeric') return false
  return (normalisedWasserstein(pair.reference, pair.current) ?? 0) >= 0.1
}

interface Situation {
  readonly name: string
  readonly law: Law
  readonly sizes: Sizes
  readonly rule: Rule
  readonly said: string
}

const SITUATIONS: readonly Situation[] = [
  {
    name: '5 equal classes',
    law: EQUAL(5),
    sizes: { reference: 1000, current: 1000 },
    rule: oneSample,
    said: 'one-sample chi-square, p < 0.05',
  },
  {
    name: '20 equal classes',
    law: EQUAL(20),
    sizes: { reference: 1000, current: 1000 },
    rule: oneSample,
    said: 'one-sample chi-square, p < 0.05',
  },
  {
    name: '50 equal classes',
    law: EQUAL(50),
    sizes: { reference: 1001, current: 200 },
    rule: fixedJensenShannon,
    said: 'Jensen-Shannon distance >= 0.1',
  },
  {
    name: '500 equal classes',
    law: EQUAL(500),
    sizes: { reference: 1001, current: 1000 },
    rule: fixedJensenShannon,
    said: 'Jensen-Shannon distance >= 0.1',
  },
  {
    name: 'normal numbers',
    law: NORMAL,
    sizes: { reference: 1001, current: 50 },
    rule: fixedWasserstein,
    said: 'Wasserstein / sd >= 0.1',
  },
  {
    name: 'normal numbers',
    law: NORMAL,
    sizes: { reference: 1001, current: 200 },
    rule: fixedWasserstein,
    said: 'Wasserstein / sd >= 0.1',
  },
]

const COLUMNS = 60

function cell({ name, law, sizes, rule, said }: Situation): Cell {
  const unique = `${name}, ${sizes.reference} + ${sizes.current} rows`
  return {
    name: unique,
    runs: 20,
    simulate: (runs, seed): Row[] => {
      const random = namedRandom(seed, unique)
      const counts = { rule: 0, drifted: 0, inconclusive: 0 }
      for (let run = 0; run < runs; run++) {
        const pairs = Array.from({ length: COLUMNS }, (_, i) => ({
          before: { ...law.draw(sizes.reference, random), name: `c${i}` },
          now: law.draw(sizes.current, random),
        }))
        const comparisons = pairs.map(({ before, now }) => compare(DEFAULTS, before, now))
        const { columns } = decide(DEFAULTS, comparisons, sizes)
        counts.rule += pairs.filter(({ before, now }) => rule(before, now)).length
        counts.drifted += columns.filter(({ drifted }) => drifted).length
        counts.inconclusive += columns.filter(({ status }) => status === 'inconclusive').length
      }
      const share = (count: number) => percent(count / (runs * COLUMNS))
      return [
        {
          'undrifted columns': unique,
          'fixed rule': said,
          'columns it flags': share(counts.rule),
          'drifted here': share(counts.drifted),
          'inconclusive here': share(counts.inconclusive),
        },
      ]
    },
  }
}

export const driftRules: Part = {
  title: 'Rules that know no sample size',
  text: `The default rules of Evidently 0.7.23 for columns without drift, ${COLUMNS} of them in each run, beside the default policy here.`,
  cells: () => SITUATIONS.map(cell),
}
