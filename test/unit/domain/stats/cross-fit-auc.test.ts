import { describe, expect, it } from '@jest/globals'
import {
  crossFitAuc,
  type Learn,
  stratifiedFolds,
} from '../../../../src/domain/stats/cross-fit-auc.js'
import { type DenseDesign, selectRows } from '../../../../src/domain/stats/design.js'
import { decisionScores, fitLogistic } from '../../../../src/domain/stats/logistic.js'
import { createRandom, type RandomSource } from '../../../../src/domain/stats/random.js'
import { normalQuantile } from '../../../../src/domain/stats/special/normal.js'

function normals(rows: number, columns: number, random: RandomSource): DenseDesign {
  const values = Float64Array.from({ length: rows * columns }, () =>
    normalQuantile(random.next() || 0.5),
  )
  return { rows, columns, values }
}

function logistic(design: DenseDesign, labels: Uint8Array): Learn {
  return (train) => {
    const own = Uint8Array.from(train, (row) => labels[row]!)
    const fit = fitLogistic(selectRows(design, train), own, { penalty: 1, maxIterations: 50 })
    return (rows) => decisionScores(fit, selectRows(design, rows))
  }
}

function labelsOf(negatives: number, positives: number): Uint8Array {
  return Uint8Array.from({ length: negatives + positives }, (_, i) => (i < negatives ? 0 : 1))
}

describe('cross-fitted area under the ROC curve', () => {
  it.each([
    [60, 60, 5],
    [200, 60, 3],
  ])(
    'is one half on average, and above it for certain in at most 2.5%% of runs, where there is nothing to learn (%i + %i rows, %i columns)',
    (negatives, positives, columns) => {
      const runs = 300
      const labels = labelsOf(negatives, positives)
      let sum = 0
      let alarms = 0
      for (let run = 0; run < runs; run++) {
        const random = createRandom(1000 + run)
        const design = normals(labels.length, columns, random)
        const learn = logistic(design, labels)
        const area = crossFitAuc({ labels, folds: 5, level: 0.95, random, learn })!
        sum += area.auc
        if (area.low > 0.5) alarms++
      }
      expect(Math.abs(sum / runs - 0.5)).toBeLessThan(0.015)
      // 2.5% of 300, and three standard errors.
      expect(alarms).toBeLessThan(16)
    },
  )

  it('finds a shift, and is reproducible', () => {
    const labels = labelsOf(150, 150)
    const design = normals(300, 3, createRandom(2))
    for (let i = 150; i < 300; i++) design.values[3 * i]! += 1
    const learn = logistic(design, labels)
    const run = () =>
      crossFitAuc({ labels, folds: 5, level: 0.95, random: createRandom(8), learn })!
    const area = run()
    // The best possible area is Phi(1 / sqrt 2) = 0.76.
    expect(area.auc).toBeGreaterThan(0.68)
    expect(area.auc).toBeLessThan(0.84)
    expect(area.low).toBeGreaterThan(0.6)
    expect(run()).toEqual(area)
  })

  it('never shows a model the rows that it scores', () => {
    const labels = labelsOf(20, 30)
    const seen: boolean[] = []
    const learn: Learn = (train) => (rows) => {
      const known = new Set(train)
      for (const row of rows) seen.push(known.has(row))
      return new Float64Array(rows.length)
    }
    crossFitAuc({ labels, folds: 5, level: 0.95, random: createRandom(1), learn })
    expect(seen).toEqual(new Array(50).fill(false))
  })

  it('gives no answer with fewer than two rows a class and fold', () => {
    const labels = labelsOf(9, 30)
    const learn: Learn = () => (rows) => new Float64Array(rows.length)
    expect(
      crossFitAuc({ labels, folds: 5, level: 0.95, random: createRandom(1), learn }),
    ).toBeUndefined()
  })

  it('gives no answer for scores that are NaN', () => {
    const labels = labelsOf(30, 30)
    const learn: Learn = () => (rows) => new Float64Array(rows.length).fill(Number.NaN)
    expect(
      crossFitAuc({ labels, folds: 5, level: 0.95, random: createRandom(1), learn }),
    ).toBeUndefined()
  })

  it('deals each class evenly to the folds', () => {
    const labels = labelsOf(52, 23)
    const folds = stratifiedFolds(labels, 5, createRandom(3))
    for (const [label, least] of [
      [0, 10],
      [1, 4],
    ] as const) {
      const sizes = [0, 0, 0, 0, 0]
      folds.forEach((fold, row) => {
        if (labels[row] === label) sizes[fold]!++
      })
      expect(Math.min(...sizes)).toBe(least)
      expect(Math.max(...sizes)).toBe(least + 1)
    }
  })
})
