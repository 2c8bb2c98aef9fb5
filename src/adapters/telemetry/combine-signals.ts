import type { Gained, Signals, Stretch } from '../../ports/signals.js'

/**
 * Counts from one place, answers to single requests (and what was compared of them) from another. A stretch without counts is not read
 * of the answers either: they come with the next one.
 */
export function combineSignals(counts: Signals, answers: Signals): Signals {
  let owed: Pick<Stretch, 'from' | 'to'> | undefined
  return {
    name: `${counts.name}, with ${answers.name}`,
    lagMs: Math.max(counts.lagMs, answers.lagMs),
    stepMs: counts.stepMs,
    scraped: counts.scraped,
    mark: async (versions) => {
      owed = undefined
      await answers.mark?.(versions)
      await counts.mark?.(versions)
    },
    between: async (stretch) => {
      const counted = await counts.between(stretch)
      const from = owed?.to === stretch.from ? owed.from : stretch.from
      owed = { from, to: stretch.to }
      if (counted === undefined) return undefined
      const answered = await answers.between({ ...stretch, from })
      owed = undefined
      return answered === undefined ? withoutAnswers(counted, answers) : merged(counted, answered)
    },
  }
}

function merged(counted: Gained, answered: Gained): Gained {
  const { mirror } = counted.counters
  const isCompared = Object.values<number | undefined>({ ...mirror }).some((count = 0) => count > 0)
  return {
    counters: { ...counted.counters, mirror: isCompared ? mirror : answered.counters.mirror },
    latencyBounds: counted.latencyBounds,
    samples: answered.samples,
    warnings: [...counted.warnings, ...answered.warnings],
  }
}

function withoutAnswers(counted: Gained, { name }: Signals): Gained {
  const warning = `${name} is not there yet: no answers were compared.`
  return { ...counted, warnings: [...counted.warnings, warning] }
}
