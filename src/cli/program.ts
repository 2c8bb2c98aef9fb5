import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import type { Action } from '../runtime/run-action.js'
import { type ActionName, actionSummaries, actions } from './actions.js'
import { addContract } from './contract/commands.js'
import { addProfile } from './profile/commands.js'
import { runStats } from './stats/command.js'
import type { Surroundings } from './surroundings.js'
import { runVerify } from './verify.js'

/** No line is longer than a terminal: one that is would be broken where it happens to end. */
const INTRODUCTION = `Deliver machine-learning models: from versioned data to production, with a
record that can be checked.

The six actions, in the order in which a model meets them, each read their
section of modelway.yml:
  modelway setup-data && modelway train-on-runner && modelway evaluate-gate
  modelway register-model && modelway deploy-canary && modelway drift-check
What each of them found is in .modelway/; \`modelway verify\` checks all of it.`

/** The action that also goes by a short name, and can check itself. */
const GATE = 'evaluate-gate'

const EXIT_CODES = `
Exit codes:
  0    pass or warn
  1    the decision is fail, or inconclusive and that blocks; the record does
       not hold
  2    the input, configuration or data is wrong: the message says where and
       how to mend it
  3    an outside system failed after retries
  70   a bug in Modelway: please report it with the message
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
        name: actionNamed(args[0] === 'help' ? args[1] : args[0]),
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
    const command = program.command(name).summary(summary).description(summary)
    if (name === GATE) command.alias('gate')
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
  addPlan(program, surroundings, exit)
  addContract(program, surroundings, exit)
  addProfile(program, surroundings, exit)
  pointToHelp(program, 'modelway')
  return program
}

/** After a mistake each command points to its own help. */
function pointToHelp(command: Command, name: string): void {
  for (const one of command.commands) {
    const full = `${name} ${one.name()}`
    one.showHelpAfterError(`(${full} --help shows its options)`)
    pointToHelp(one, full)
  }
}

const number = (text: string): number => {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) {
    throw new InvalidArgumentError('It must be a number.')
  }
  return value
}

function addPlan(program: Command, surroundings: Surroundings, exit: (code: number) => void): void {
  const plan = program
    .command('plan')
    .summary('say before the run how many examples the rules of the gate need')
    .description(
      'For each rule of the gate (or the one given by --metric): how many examples settle it with the power asked for.',
    )
    .option('--config <file>', 'the configuration file (default: modelway.yml)')
    .option('--working-directory <folder>', 'what its paths are relative to')
    .option('--task <task>', 'classification, regression, ranking or generation')
    .option(
      '--metric <name>',
      'plan one rule on this metric, in place of those of the configuration',
    )
  for (const key of ['at-least', 'at-most', 'margin', 'relative-margin', 'by', 'relative-by']) {
    plan.option(`--${key} <number>`, `the ${key} of that rule`, number)
  }
  for (const key of ['no-worse-than', 'better-than', 'equivalent-to']) {
    plan.option(
      `--${key} <baseline>`,
      'compares with the baseline; no-worse-than where --margin is given alone',
    )
  }
  plan
    .option('--baseline <file>', "a model's predictions, to estimate what varies how much")
    .option('--candidate <file>', 'predictions of another model on the same examples')
    .option('--power <share>', 'the probability of settling it', number, 0.8)
    .option('--difference <number>', 'the true difference, candidate minus baseline', number, 0)
    .option('--value <number>', "the baseline's value, where no file says it", number)
    .option('--discordance <share>', 'the share of examples that only one model gets right', number)
    .option(
      '--sd <number>',
      'the standard deviation of an example (of the difference, in a comparison)',
      number,
    )
    .option('--positive-share <share>', 'the share of positive examples, for auc', number)
    .option('--correlation <number>', "of the two models' values, where no files say it", number)
    .option('--confidence <share>', "in place of the configuration's", number)
    .option('--json', 'print the result as JSON')
    .action(async (options) => {
      const { runPlan } = await import('./plan/command.js')
      exit(await runPlan(options, surroundings))
    })
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
  if (name === GATE) addSelfCheck(command)
  command.action(async ({ selfCheck, gates, ...options }) => {
    const chosen = selfCheck === true ? await selfCheckOf(gates) : action
    exit(await runActionCommand({ action: chosen, options, surroundings }))
  })
}

function actionNamed(name: string | undefined): string | undefined {
  return name === 'gate' ? GATE : name
}

function addSelfCheck(command: Command): void {
  command.option(
    '--self-check',
    'judge equal models on resamples and on shuffled labels, and say how often the rules err',
  )
  command.option('--gates <count>', 'how many gates the self-check runs (default: 200)', number)
}

async function selfCheckOf(gates: unknown): Promise<Action> {
  const { selfCheckAction } = await import('./self-check/self-check-action.js')
  return selfCheckAction({ gates: typeof gates === 'number' ? gates : undefined })
}
