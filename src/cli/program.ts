import { Command, CommanderError, Option } from 'commander'
import { type ActionName, actionSummaries, actions } from './actions.js'
import { runStats } from './stats/command.js'
import type { Surroundings } from './surroundings.js'
import { runVerify } from './verify.js'

const INTRODUCTION = `Deliver machine-learning models: from versioned data to production, with a record that can be checked.

The six actions, in the order in which a model meets them, each read their section of modelway.yml:
  modelway setup-data && modelway train-on-runner && modelway evaluate-gate
  modelway register-model && modelway deploy-canary && modelway drift-check
What each of them found is in .modelway/; \`modelway verify\` checks all of it again.`

const EXIT_CODES = `
Exit codes:
  0    pass or warn
  1    the decision is fail, or inconclusive and that blocks; the record does not hold
  2    the input, configuration or data is wrong: the message says where and how to mend it
  3    an outside system failed after retries
  130  cancelled, and what was started was stopped`

/** The command line; `run` gives the exit code. */
export function createProgram(surroundings: Surroundings): {
  run(args: readonly string[]): Promise<number>
} {
  return {
    run: async (args) => {
      let exitCode = 0
      const program = describe(surroundings, (code) => {
        exitCode = code
      })
      await addAction(program, {
        name: args[0] === 'help' ? args[1] : args[0],
        help: asksForHelp(args),
        surroundings,
        exit: (code) => {
          exitCode = code
        },
      })
      try {
        await program.parseAsync([...args], { from: 'user' })
        return exitCode
      } catch (error) {
        // Help and version end with 0; everything else that commander refuses is the user's mistake.
        if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
        const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
        surroundings.stderr.write(
          `MW-BUG-001: this is a bug in Modelway, please report it. ${stack}\n`,
        )
        return 70
      }
    },
  }
}

function describe(surroundings: Surroundings, exit: (code: number) => void): Command {
  const { stdout, stderr } = surroundings
  const program = new Command('modelway')
    .description(INTRODUCTION)
    .addHelpText('after', EXIT_CODES)
    .version(surroundings.version, '--version', 'print the version')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
    })
    .showHelpAfterError('(modelway --help shows all commands)')
  program.commandsGroup('Actions:')
  for (const [name, summary] of Object.entries(actionSummaries)) {
    program.command(name).summary(summary).description(summary)
  }
  program.commandsGroup('Commands around them:')
  program
    .command('verify')
    .summary('check all statements, their links and the files that they are about')
    .description('Checks the whole record again and names the first link that does not hold.')
    .option('--statements <folder>', 'the folder of the statements', '.modelway')
    .option(
      '--working-directory <folder>',
      'what the paths in it are relative to (default: the parent of that folder)',
    )
    .option('--json', 'print the result as JSON')
    .action(async (options) => exit(await runVerify(options, surroundings)))
  program
    .command('stats')
    .argument('[procedure]', 'the procedure; --list names all')
    .summary('compute any number of a statement again')
    .description(
      'Reads one JSON object a line (or one over many lines) from standard input and prints one a line.',
    )
    .option('--list', 'name and document all procedures')
    .action(async (procedure, options) =>
      exit(await runStats({ procedure, ...options }, surroundings)),
    )
  return program
}

function asksForHelp(args: readonly string[]): boolean {
  return args[0] === 'help' || args.includes('--help') || args.includes('-h')
}

interface AddAction {
  readonly name: string | undefined
  /** Whether help is asked for. */
  readonly help: boolean
  readonly surroundings: Surroundings
  readonly exit: (code: number) => void
}

/** The options of an action come from its contract, which is loaded only for the action that is called. */
async function addAction(
  program: Command,
  { name, help, surroundings, exit }: AddAction,
): Promise<void> {
  if (name === undefined || !Object.hasOwn(actions, name)) return
  const action = await actions[name as ActionName]()
  const command = program.commands.find((candidate) => candidate.name() === name)
  if (command === undefined) return
  const { runActionCommand, optionsOf } = await import('./run-action-command.js')
  // What help says takes the JSON Schema of the settings, which nothing else needs.
  const describe = help ? (await import('../runtime/document-input.js')).documentInput : () => ''
  command.description(action.contract.description)
  for (const option of optionsOf(action.contract, describe)) command.addOption(option)
  command.addOption(
    new Option('--json', 'print the statement as JSON; the log goes to standard error'),
  )
  command.action(async (options) => exit(await runActionCommand({ action, options, surroundings })))
}
