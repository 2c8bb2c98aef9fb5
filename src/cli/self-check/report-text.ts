import type { Rate, SelfCheck } from '../../domain/gate/self-check/self-check.js'

/** What the self-check found, line by line, for people. */
export function reportLines(check: SelfCheck): string[] {
  const { falseAlarms, falsePasses, permuted, broken, notes } = check
  const whose =
    check.models === 'two' ? 'two models, swapped at random' : 'one model against itself'
  return [
    `${falseAlarms.trials} gates without any difference (${whose}), ${check.resampled} examples each.`,
    `False alarms: ${rateText(falseAlarms)}.`,
    ...falsePasses.map((rate) => `Passes at the bound, ${rate.rule}: ${rateText(rate)}.`),
    ...permuted.map(
      ({ rule, passed, trials, toothless }) =>
        `Shuffled labels, ${rule}: passed ${passed} of ${trials}${toothless ? '. It does not tell these models from guessing' : ''}.`,
    ),
    ...broken.map((rule) => `The data as they are break ${rule}: not counted above.`),
    ...notes,
  ]
}

/** The line that the check's decision rests on: what broke its promise, else how often it raised a false alarm. */
export function decisiveLine(check: SelfCheck): string {
  const { decision, falseAlarms, falsePasses } = check
  const broken = falsePasses.find(({ holds }) => !holds)
  if (falseAlarms.holds && broken !== undefined) {
    return `Passes at the bound, ${broken.rule}: ${rateText(broken)}.`
  }
  return decision === 'fail' && falseAlarms.holds
    ? 'Every floor and ceiling holds on shuffled labels.'
    : `False alarms: ${rateText(falseAlarms)}.`
}

function rateText({ count, trials, rate, nominal, band, holds }: Rate): string {
  const verdict = holds ? 'as promised' : 'MORE THAN PROMISED'
  return `${count} of ${trials} (${percent(rate)}), promised at most ${percent(nominal)}: ${verdict} (by chance ${band.low} to ${band.high})`
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))}%`
}
