import { execFile } from 'node:child_process'
import { arch, cpus, platform, release, totalmem } from 'node:os'
import { promisify } from 'node:util'
import { listGpus } from './gpu.js'

const run = promisify(execFile)

/** The facts of this machine that a training result can depend on. */
export async function describeMachine(
  command: string | readonly string[],
  cwd: string,
): Promise<Readonly<Record<string, string>>> {
  const gpus = await listGpus()
  const facts: Record<string, string> = {
    os: platform(),
    'os-release': release(),
    architecture: arch(),
    cpu: cpus()[0]?.model ?? 'unknown',
    cpus: String(cpus().length),
    'memory-bytes': String(totalmem()),
    node: process.version,
  }
  for (const [index, gpu] of gpus.entries())
    facts[`gpu-${index}`] = `${gpu.name}, driver ${gpu.driver}`
  return { ...facts, ...(await describePython(command, cwd)) }
}

/** The interpreter and packages of a command that runs Python; nothing for others. */
async function describePython(
  command: string | readonly string[],
  cwd: string,
): Promise<Readonly<Record<string, string>>> {
  const words = typeof command === 'string' ? command.split(/\s+/) : command
  const program = words.find((word) => /(^|[\\/])python[\d.]*(\.exe)?$/.test(word))
  if (program === undefined) return {}
  const ask = (args: readonly string[]): Promise<string | undefined> => answer(program, args, cwd)
  const [version, packages] = await Promise.all([
    ask(['--version']),
    ask(['-m', 'pip', 'list', '--format=freeze', '--disable-pip-version-check']),
  ])
  return {
    ...(version === undefined ? {} : { python: version.replace(/^Python /, '') }),
    ...(packages === undefined ? {} : { packages: packages.split(/\r?\n/).sort().join(' ') }),
  }
}

/** In the command's folder: an interpreter may be named relative to it. */
async function answer(
  program: string,
  args: readonly string[],
  cwd: string,
): Promise<string | undefined> {
  try {
    const options = { cwd, timeout: 60_000, maxBuffer: 1 << 24 }
    return (await run(program, [...args], options)).stdout.trim()
  } catch {
    // The command itself will say what is wrong with its interpreter.
    return undefined
  }
}
