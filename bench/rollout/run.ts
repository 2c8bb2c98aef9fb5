/**
 * Simulates rollouts and prints, beside other rules, how often each rolls back and how many requests the canary gets till then:
 *
 *     npx tsx bench/rollout/run.ts [--runs 2000] [--seed 1]
 *
 * Ends with exit code 1 when a rule of Modelway misses a bound of issue 6.
 */
import { parseArgs } from 'node:util'
import { createRandom } from '../../src/domain/stats/random.js'
import { promotion, promotionEvidence, RULES, type Rule } from './rules.js'
import { drawRollout, type Scenario } from './traffic.js'

/** Least share rolled back, largest share, and most canary requests on average. */
interface Bounds {
  readonly least?: number
  readonly most?: number
  readonly exposed?: number
}

const always = (rate: number) => () => rate
const NULL: Bounds = { most: 0.0646 }

interface Cell extends Scenario {
  readonly eProcess: Bounds
  readonly groupSequential?: Bounds
  readonly normalMixture?: Bounds
}

const CELLS: readonly Cell[] = [
  { name: 'equal, 1 %', rate: always(0.01), ratio: 1, eProcess: NULL, groupSequential: NULL },
  { name: 'equal, .1 %', rate: always(0.001), ratio: 1, eProcess: NULL, groupSequential: NULL },
  {
    name: 'shared trend',
    rate: (t) => 0.005 + (0.01 * t) / 39,
    ratio: 1,
    eProcess: NULL,
    groupSequential: NULL,
  },
  {
    name: 'shared noise',
    rate: always(0.01),
    ratio: 1,
    sharedNoise: 0.6,
    eProcess: NULL,
    groupSequential: NULL,
  },
  { name: 'adaptive weights', rate: always(0.01), ratio: 1, adaptive: true, eProcess: NULL },
  { name: 'arm noise', rate: always(0.01), ratio: 1, armNoise: 0.6, eProcess: NULL },
  {
    name: '1.5x',
    rate: always(0.01),
    ratio: 1.5,
    eProcess: { least: 0.65 },
    groupSequential: { least: 0.94 },
  },
  { name: '2x', rate: always(0.01), ratio: 2, eProcess: { least: 0.99, exposed: 1600 } },
  { name: '3x', rate: always(0.01), ratio: 3, eProcess: { least: 0.99, exposed: 450 } },
  { name: '.1 to .5 %', rate: always(0.001), ratio: 5, eProcess: { least: 0.99 } },
  { name: '2x, arm noise', rate: always(0.01), ratio: 2, armNoise: 0.6, eProcess: {} },
]

const LARGE = { rate: always(0.01), requests: 5000 }

/** Promotion with margin .5. */
const PROMOTIONS: readonly { readonly cell: Scenario; readonly bounds: Bounds }[] = [
  { cell: { name: 'at the margin (1.5x)', ...LARGE, ratio: 1.5 }, bounds: NULL },
  { cell: { name: '2x', ...LARGE, ratio: 2 }, bounds: { most: 0.01 } },
  { cell: { name: 'equal', ...LARGE, ratio: 1 }, bounds: { least: 0.99 } },
  {
    cell: { name: 'at the margin, arm noise', ...LARGE, ratio: 1.5, armNoise: 0.6 },
    bounds: {},
  },
]

interface Found {
  readonly share: number
  readonly exposed: number
}

function simulate(cell: Cell, runs: number, seed: number): Map<string, Found> {
  const sums = new Map(Object.keys(RULES).map((name) => [name, { hits: 0, requests: 0 }]))
  const random = createRandom(seed)
  for (let run = 0; run < runs; run++) {
    const rollout = drawRollout(cell, random)
    for (const [name, rule] of Object.entries(RULES)) {
      const at = rule(rollout)
      const sum = sums.get(name)
      if (sum === undefined) continue
      sum.hits += at === undefined ? 0 : 1
      for (const { canary } of rollout.slice(0, (at ?? rollout.length) + 1))
        sum.requests += canary.n
    }
  }
  return new Map(
    [...sums].map(([name, { hits, requests }]) => [
      name,
      { share: hits / runs, exposed: requests / runs },
    ]),
  )
}

function boundsOf(name: string, cell: Cell): Bounds | undefined {
  if (name.includes('group-sequential')) return cell.groupSequential
  return name.includes('normal mixture') ? cell.normalMixture : cell.eProcess
}

interface Promoted {
  readonly share: number
  /** Median interval (from 1) of the rollouts that were promoted. */
  readonly median: number | undefined
}

function promote(cell: Scenario, rule: Rule, runs: number): Promoted {
  const random = createRandom(seed)
  const found: number[] = []
  for (let run = 0; run < runs; run++) {
    const at = rule(drawRollout(cell, random))
    if (at !== undefined) found.push(at + 1)
  }
  found.sort((a, b) => a - b)
  return { share: found.length / runs, median: found[found.length >> 1] }
}

function promotionRow({ cell, bounds }: (typeof PROMOTIONS)[number]): string {
  const fields = [promotion, promotionEvidence].map((rule) => {
    const { share, median } = promote(cell, rule, runs)
    // The whole decision may roll back alpha of the equal canaries, so only its evidence is held to the least.
    const least = rule === promotionEvidence ? bounds.least : undefined
    if (share > (bounds.most ?? 1) || share < (least ?? 0)) {
      misses.push(`promotion, ${cell.name}: ${share}`)
    }
    return `${(100 * share).toFixed(1)} % / ${median ?? '-'}`
  })
  return `| ${cell.name} | ${fields.join(' | ')} |`
}

function missed(name: string, cell: Cell, { share, exposed }: Found): string[] {
  if (!name.startsWith('Modelway')) return []
  const bounds = boundsOf(name, cell)
  const wrong =
    share < (bounds?.least ?? 0) ||
    share > (bounds?.most ?? 1) ||
    exposed > (bounds?.exposed ?? Number.POSITIVE_INFINITY)
  return wrong ? [`${name}, ${cell.name}: ${share} rolled back, ${exposed} requests`] : []
}

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '2000' }, seed: { type: 'string', default: '1' } },
})
const runs = Number(values.runs)
const seed = Number(values.seed)
const results = CELLS.map((cell, i) => simulate(cell, runs, seed + i))
const lines = [
  `| rule | ${CELLS.map(({ name }) => name).join(' | ')} |`,
  `|---|${CELLS.map(() => '---').join('|')}|`,
]
const misses: string[] = []
for (const name of Object.keys(RULES)) {
  const fields = CELLS.map((cell, i) => {
    const found = results[i]?.get(name) ?? { share: 0, exposed: 0 }
    misses.push(...missed(name, cell, found))
    return `${(100 * found.share).toFixed(1)} % / ${Math.round(found.exposed)}`
  })
  lines.push(`| ${name} | ${fields.join(' | ')} |`)
}
lines.push('', '| promotion | decideLook | its evidence, without steps |', '|---|---|---|')
for (const one of PROMOTIONS) lines.push(promotionRow(one))
process.stdout.write(`${lines.join('\n')}\n`)
for (const miss of misses) process.stderr.write(`misses its bound: ${miss}\n`)
process.exitCode = misses.length > 0 ? 1 : 0
