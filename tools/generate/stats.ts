import { procedures } from '../../src/cli/stats/index.js'

/** An input for each procedure, small enough to read. */
const examples: Readonly<Record<string, object>> = {
  delong: {
    labels: [1, 1, 1, 0, 0, 0, 1, 0],
    scores: [0.9, 0.8, 0.4, 0.3, 0.2, 0.5, 0.7, 0.1],
    baselineScores: [0.8, 0.6, 0.3, 0.4, 0.2, 0.5, 0.9, 0.3],
  },
  'paired-proportions': {
    candidate: [1, 1, 1, 0, 1, 1, 1, 1],
    baseline: [1, 0, 1, 1, 1, 0, 1, 1],
    margin: 0.1,
  },
  'unpaired-proportions': {
    candidate: [1, 1, 1, 0, 1, 1, 1, 1],
    baseline: [1, 0, 1, 1, 0, 1],
    margin: 0.1,
  },
  'paired-ratio': {
    candidate: [1, 1, 1, 0, 1, 1, 1, 1],
    baseline: [1, 0, 1, 1, 1, 0, 1, 1],
    at: 0.9,
  },
  'ratio-of-means': { candidate: [1.2, 0.8, 1.1, 0.9], baseline: [1.3, 0.9, 1.2, 1.1], at: 1.02 },
  'clustered-mean': {
    values: [1, 0, 1, 1, 0, 1],
    weights: [1, 1, 2, 1, 1, 1],
    clusters: ['a', 'a', 'b', 'b', 'c', 'c'],
    boundary: 0.5,
  },
  tost: { differences: [0.01, -0.02, 0.015, 0, 0.005], margin: 0.05, level: 0.9 },
  'nadeau-bengio': { differences: [0.01, 0.03, -0.01, 0.02, 0.04], testShare: 0.2 },
  'five-by-two': {
    differences: [
      [0.02, 0.05],
      [0.01, -0.02],
      [0.03, 0.04],
      [0.05, 0.01],
      [0, 0.02],
    ],
  },
  'pass-at-k': {
    problems: [
      { samples: 10, correct: 3 },
      { samples: 10, correct: 0 },
      { samples: 10, correct: 9 },
    ],
    k: 5,
  },
  bootstrap: {
    metric: 'f1',
    labels: [1, 0, 1, 1, 0, 1, 0, 1],
    predictions: [1, 0, 1, 0, 0, 1, 1, 1],
    seed: 7,
  },
  metric: { name: 'accuracy', labels: ['a', 'b', 'c'], predictions: ['a', 'b', 'a'] },
  'two-sample': {
    reference: [1, 2, 3, 4, 5],
    current: [3, 4, 5, 6, 7],
    kind: 'numeric',
    tests: ['ks', 'wasserstein'],
  },
  'e-process': {
    intervals: [
      { canary: { n: 500, events: 4 }, stable: { n: 9500, events: 40 } },
      { canary: { n: 500, events: 9 }, stable: { n: 9500, events: 38 } },
    ],
    ratio: 1,
    alpha: 0.05,
  },
  'sample-ratio': { counts: [9500, 520], weights: [95, 5] },
  'group-sequential': {
    intervals: [
      { canary: { n: 500, events: 4 }, stable: { n: 9500, events: 40 } },
      { canary: { n: 500, events: 9 }, stable: { n: 9500, events: 38 } },
    ],
    looks: [2, 4],
  },
  'confidence-sequence': { values: [0.7, 0.9, 0.8, 0.6, 0.9, 0.7, 0.8, 0.9, 0.8, 0.7] },
  'kayenta-judge': {
    metrics: [
      {
        name: 'errors',
        groups: ['requests'],
        direction: 'increase',
        control: [4, 5, 3, 4, 6, 5, 4, 5],
        experiment: [9, 11, 8, 10, 12, 9, 10, 11],
      },
    ],
  },
}

/** Every procedure with an example that can be run as it stands, and what it answers. */
export async function statsPage(): Promise<string> {
  const parts: string[] = []
  for (const [name, load] of Object.entries(procedures)) {
    const example = examples[name]
    if (example === undefined)
      throw new Error(`stats ${name}: give it an example in tools/generate/stats.ts`)
    const procedure = await load()
    const answer = procedure.run(procedure.input.parse(example))
    parts.push(
      `### ${name}`,
      procedure.summary,
      `\`\`\`sh\necho '${JSON.stringify(example)}' \\\n  | modelway stats ${name}\n\`\`\``,
      `\`\`\`json\n${JSON.stringify(answer)}\n\`\`\``,
    )
  }
  return parts.join('\n\n')
}
