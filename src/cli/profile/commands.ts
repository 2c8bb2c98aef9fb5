import { type Command, InvalidArgumentError } from 'commander'
import type { Surroundings } from '../surroundings.js'

/** `modelway profile`. */
export function addProfile(
  program: Command,
  surroundings: Surroundings,
  exit: (code: number) => void,
): void {
  program
    .command('profile')
    .argument('<files...>', 'tabular files or folders that are one data set')
    .summary('write a profile that can stand for a data set in drift-check')
    .description(
      `Writes what drift-check needs to know of a data set, so that the data itself need not come to the runner: of numbers all
distinct values with their counts, or about 8,200 buckets of equal size with exact ends; of categories the counts; missing and
infinite cells. Free texts and identifiers are left out, and categories of few rows have no name.`,
    )
    .requiredOption('--out <file>', 'where to write it; packed where the name ends in .gz')
    .option('--force', 'replace the file where it is there already')
    .option('--columns <names...>', 'the columns to describe (default: all)')
    .option(
      '--min-count <rows>',
      'categories of fewer rows than this are pooled, since they may tell who somebody is',
      wholeNumber,
      10,
    )
    .option('--memory <size>', 'how much memory it may take, such as 512MB or 1GB', size)
    .option('--seed <number>', 'of the generator that sketches draw from', wholeNumber, 1)
    .action(async (files, options) => {
      const { runProfile } = await import('./profile.js')
      exit(await runProfile({ files, ...options }, surroundings))
    })
}

function wholeNumber(text: string): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < 1) {
    throw new InvalidArgumentError('It must be a whole number from 1.')
  }
  return value
}

function size(text: string): string {
  if (/^\d+(\.\d+)?(MB|GB)$/.test(text)) return text
  throw new InvalidArgumentError('It must be a size such as 512MB or 1GB.')
}
