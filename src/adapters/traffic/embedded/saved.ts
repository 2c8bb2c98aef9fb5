import type { Backend } from '../../../ports/traffic.js'
import { stateFileOf } from './launch.js'
import { readRouterFile } from './router-file.js'

/** The stable version that the router of a folder had last, whether it runs now or not. */
export function savedStable(stateDir: string): Backend | undefined {
  return readRouterFile(stateFileOf(stateDir))?.traffic.stable
}
