import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

const INTERVAL_MS = 200

export interface MemoryWatch {
  stop(): void
  /** The greatest sum over the command and all that it started; undefined when nothing could be sampled. */
  peakBytes(): number | undefined
}

/** Samples the resident memory of a process group: from /proc on Linux, from `ps` elsewhere. */
export function watchMemory(group: number | undefined): MemoryWatch {
  let peak: number | undefined
  const note = (bytes: number | undefined): void => {
    if (bytes !== undefined && bytes > (peak ?? 0)) peak = bytes
  }
  const sample = (): void => {
    if (group === undefined) return
    if (process.platform === 'linux') note(sampleProc(group))
    else if (process.platform !== 'win32') samplePs(group, note)
  }
  sample()
  const timer = setInterval(sample, INTERVAL_MS)
  return { stop: () => clearInterval(timer), peakBytes: () => peak }
}

function sampleProc(group: number): number | undefined {
  let kilobytes = 0
  for (const pid of readdirSync('/proc')) {
    if (/^\d+$/.test(pid)) kilobytes += residentKilobytes(pid, group)
  }
  return kilobytes === 0 ? undefined : kilobytes * 1024
}

function residentKilobytes(pid: string, group: number): number {
  try {
    // The name of the program, in parentheses, may hold anything: fields are counted after it.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (Number(fields[2]) !== group) return 0
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0)
  } catch {
    // The process ended while we looked.
    return 0
  }
}

function samplePs(group: number, note: (bytes: number) => void): void {
  execFile('ps', ['-A', '-o', 'pgid=,rss='], (error, stdout) => {
    if (error !== null) return
    let kilobytes = 0
    for (const line of stdout.split('\n')) {
      const [pgid, rss] = line.trim().split(/\s+/)
      if (Number(pgid) === group) kilobytes += Number(rss ?? 0)
    }
    if (kilobytes > 0) note(kilobytes * 1024)
  })
}
