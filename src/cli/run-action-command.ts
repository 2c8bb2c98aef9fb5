import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Option } from 'commander'
import { createTerminalHost, wantsColour } from '../adapters/host/terminal/index.js'
import { type ActionContract, commonInputs, type InputSpec } from '../runtime/contract.js'
import { useProxies } from '../runtime/proxy.js'
import { type Action, runAction } from '../runtime/run-action.js'
import type { Surroundings } from './surroundings.js'

/** An option for each input, of the same name; `describe` says what help shows of it. */
export function optionsOf(
  contract: ActionContract,
  describe: (contract: ActionContract, name: string, spec: InputSpec) => string,
): readonly Option[] {
  const specs: Readonly<Record<string, InputSpec>> = { ...contract.inputs, ...commonInputs }
  return Object.entries(specs)
    .filter(([, spec]) => spec.secret !== true)
    .map(([name, spec]) => toOption(name, spec, describe(contract, name, spec)))
}

function toOption(name: string, { kind, default: fallback }: InputSpec, text: string): Option {
  const description = fallback === undefined ? text : `${text} Default: \`${fallback}\`.`
  if (kind === 'boolean') return new Option(`--${name} [true|false]`, description)
  const option = new Option(`--${name} <value>`, description)
  if (kind !== 'list') return option
  return option.argParser((value: string, before: unknown) =>
    typeof before === 'string' ? `${before}\n${value}` : value,
  )
}

interface ActionCommand {
  readonly action: Action
  readonly options: Readonly<Record<string, unknown>>
  readonly surroundings: Surroundings
}

/** Runs an action at a terminal. */
export async function runActionCommand({
  action,
  options,
  surroundings,
}: ActionCommand): Promise<number> {
  const { stdout, stderr, cwd, env, distribution } = surroundings
  const given = readInputs(options)
  const json = options['json'] === true
  const statements = given.get('statements') ?? commonInputs.statements.default
  const commentFile = resolve(cwd, given.get('working-directory') ?? '.', statements, 'comment.md')
  // A comment that is there would go on saying what an earlier run found.
  const isKept = !given.has('comment') && existsSync(commentFile)
  const inputs = isKept ? new Map([...given, ['comment', 'always']]) : given
  const host = createTerminalHost({
    inputs,
    stdout,
    stderr,
    cwd,
    colour: wantsColour(json ? stderr : stdout, env),
    json,
    debug: env['RUNNER_DEBUG'] === '1',
    commentFile,
  })
  useProxies(env, (line) => host.log.warn(line))
  const exitCode = await runAction(action, {
    host,
    distribution,
    cwd,
    env,
    now: () => new Date(),
    writeReport: async (directory) =>
      (await import('../report/write-report.js')).writeReport(directory),
    debug: env['RUNNER_DEBUG'] === '1',
  })
  const { outputs } = host
  for (const [what, path] of [
    ['Report', outputs.get('report')],
    ['Comment', outputs.get('comment-url')],
  ]) {
    if (path !== undefined) host.log.info(`${what}: ${path}`)
  }
  if (json) printResult(outputs, stdout)
  return exitCode
}

/** The statement; after a dry run, which writes none, what was found. */
function printResult(outputs: ReadonlyMap<string, string>, stdout: Surroundings['stdout']): void {
  const statement = outputs.get('statement')
  const result = statement === undefined ? outputs.get('json') : readFileSync(statement, 'utf8')
  if (result !== undefined) stdout.write(`${result}\n`)
}

/** commander turns kebab-case into camelCase; inputs have their own names again here. */
function readInputs(options: Readonly<Record<string, unknown>>): ReadonlyMap<string, string> {
  const inputs = new Map<string, string>()
  for (const [key, value] of Object.entries(options)) {
    // A boolean that is only named is true.
    if (key === 'json' || (typeof value !== 'string' && value !== true)) continue
    inputs.set(
      key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
      String(value),
    )
  }
  return inputs
}
