import type { Command } from 'commander'
import type { Surroundings } from '../surroundings.js'

/** `modelway contract infer` and `modelway contract check`. */
export function addContract(
  program: Command,
  surroundings: Surroundings,
  exit: (code: number) => void,
): void {
  const contract = program
    .command('contract')
    .summary('draft a data contract from files, and check files against one')
    .description(
      'A data contract says what tabular files must be like; setup-data and drift-check hold data to it.',
    )
  contract
    .command('infer')
    .argument('<files...>', 'tabular files that are as they should be')
    .summary('draft a contract that the files themselves keep')
    .description(
      `Writes a data contract that the files themselves keep, to be read and edited: types; missing cells (none where none
is missing, else twice the share, or the upper limit at 99% where that is more); ranges with a tenth of their width on
each side; the set of texts where there are at most 20; columns in which no value comes twice.`,
    )
    .option('--out <file>', 'where to write it (default: to standard output)')
    .option('--force', 'replace the file where it is there already')
    .action(async (files, options) => {
      const { runInfer } = await import('./infer.js')
      exit(await runInfer({ files, ...options }, surroundings))
    })
  contract
    .command('check')
    .argument('<contract>', 'the data contract')
    .argument('<files...>', 'tabular files')
    .summary('check files against a contract')
    .description('Checks files that are one data set: 0 when they keep the contract, 1 when not.')
    .option('--json', 'print the result as JSON')
    .action(async (path, files, options) => {
      const { runCheck } = await import('./check.js')
      exit(await runCheck({ contract: path, files, ...options }, surroundings))
    })
}
