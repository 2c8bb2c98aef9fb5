import { readdirSync, readlinkSync } from 'node:fs'

/** The processes that work in a folder or below it; none where there is no /proc. */
export function processesIn(folder: string): readonly number[] {
  const pids = entries('/proc').filter((name) => /^\d+$/.test(name))
  return pids.map(Number).filter((pid) => {
    const cwd = workingFolder(pid)
    return cwd === folder || cwd?.startsWith(`${folder}/`) === true
  })
}

function entries(path: string): readonly string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}

function workingFolder(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    // It has ended, or it is somebody else's.
    return undefined
  }
}
