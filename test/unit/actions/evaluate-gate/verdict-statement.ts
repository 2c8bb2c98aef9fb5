import { canonicalJson } from '../../../../src/statements/canonical.js'
import { createStatement } from '../../../../src/statements/statement.js'

/** The predicate of a small verdict, as evaluate-gate writes it for a commit. */
export function verdictPredicate(commit: string): Record<string, unknown> {
  return {
    decision: 'pass',
    failOn: 'inconclusive',
    task: 'classification',
    samples: { candidate: 500, baseline: null, joined: 500 },
    predictions: { path: 'predictions.csv', sha256: 'a'.repeat(64) },
    baseline: null,
    checks: [
      {
        id: 'accuracy.at-least',
        metric: 'accuracy',
        slice: null,
        level: 'fail',
        n: 500,
        candidate: 0.9,
        baseline: null,
        difference: null,
        interval: { of: 'candidate', level: 0.95, low: 0.87, high: 0.92, method: 'wilson' },
        test: null,
        claim: null,
        rule: { 'at-least': 0.8 },
        status: 'pass',
        direction: null,
        reason: 'At least 0.8.',
      },
    ],
    slices: [],
    policy: { confidence: 0.95, correction: 'holm', seed: 7 },
    change: { commit, pullRequest: 1 },
  }
}

export function verdictStatement(predicate: object): string {
  return canonicalJson(
    createStatement({
      kind: 'verdict',
      subject: [{ name: 'model.json', digest: { sha256: 'b'.repeat(64) } }],
      predicate,
      inputs: [],
    }),
  )
}
