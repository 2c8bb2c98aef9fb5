import { spawn } from 'node:child_process'
import { ensureActionlint } from '../install/actionlint.js'
import type { Finding, Subject } from './subjects.js'

interface Report {
  readonly message: string
  readonly line: number
  readonly column: number
  readonly kind: string
}

/** Checks workflows: syntax, expressions, `needs`, inputs of local and of well-known actions, script injection. */
export async function actionlint(
  subjects: readonly Subject[],
): Promise<{ seen: number; findings: readonly Finding[] }> {
  const program = await ensureActionlint()
  const workflows = subjects.filter(({ kind }) => kind === 'workflow' || kind === 'template')
  const findings: Finding[] = []
  for (const subject of workflows) {
    for (const { message, line, column, kind } of await check(program, subject)) {
      const text = `${message} [${kind}]`
      findings.push({ tool: 'actionlint', path: subject.path, line, column, message: text })
    }
  }
  return { seen: workflows.length, findings }
}

/** Through standard input, so that a template is seen as what it becomes; without programs that may not be there. */
function check(program: string, subject: Subject): Promise<readonly Report[]> {
  const name = subject.path.split('/').at(-1) ?? subject.path
  const file = `${subject.home}/.github/workflows/${name}`
  const flags = [
    '-shellcheck=',
    '-pyflakes=',
    // GitHub takes `queue` since May 2026, actionlint 1.7.12 does not know it yet; the languageservice checks its value.
    '-ignore',
    'unexpected key "queue" for "concurrency" section',
    '-format',
    '{{json .}}',
    '-stdin-filename',
    file,
    '-',
  ]
  return new Promise((resolve, reject) => {
    const child = spawn(program, flags, { cwd: subject.home })
    let [stdout, stderr] = ['', '']
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString('utf8')
    })
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString('utf8')
    })
    child.once('error', reject)
    child.once('close', (code) => {
      if (code === 0 || code === 1) resolve(JSON.parse(stdout === '' ? '[]' : stdout))
      else reject(new Error(`actionlint ended with ${code} on ${subject.path}: ${stderr}`))
    })
    child.stdin.end(subject.text)
  })
}
