import { hasCode } from './errno.js'

/** Whether a process with that id exists on this machine. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // It exists, but belongs to somebody else.
    return hasCode(error, 'EPERM')
  }
}
