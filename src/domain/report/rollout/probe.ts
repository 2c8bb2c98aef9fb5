import { escapeMarkdown, table } from '../escape.js'

/** The probe's part of a rollout statement. */
export interface ProbeReport {
  readonly address: string
  readonly protocol: string
  readonly checks: readonly {
    readonly name: string
    readonly status: string
    readonly text: string
  }[]
  readonly watch?:
    | {
        readonly looks: number
        readonly canaryFailures: number
        readonly usersFailures: number
        readonly bothFailed: number
        readonly stop: string | null
      }
    | undefined
}

const MARKS: Readonly<Record<string, string>> = { pass: '✅', fail: '❌', unclear: '❔' }

/** What the probe found before any traffic, and while the rollout lasted. No probe -> ''. */
export function probeMarkdown(probe: ProbeReport | undefined): string {
  if (probe === undefined) return ''
  const rows = probe.checks.map(({ name, status, text }) => [
    `${MARKS[status] ?? ''} ${escapeMarkdown(name)}`,
    escapeMarkdown(text),
  ])
  const parts = [rows.length === 0 ? '' : table(['Probe', 'Found'], rows), watchWords(probe)]
  return parts.filter((part) => part !== '').join('\n\n')
}

function watchWords({ watch }: ProbeReport): string {
  if (watch === undefined) return ''
  const { looks, canaryFailures, usersFailures, bothFailed, stop } = watch
  const users = usersFailures === 0 ? '' : `, the address of users ${usersFailures}`
  const both = bothFailed === 0 ? '' : `, both versions together ${bothFailed}`
  const counts = `Of ${looks} looks while it lasted, the canary failed ${canaryFailures}${users}${both}.`
  return stop === null ? counts : `${counts} ${escapeMarkdown(stop)}`
}
