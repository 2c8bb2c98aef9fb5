import { fileURLToPath } from 'node:url'
import { tryCommand } from '../../tools/install/command.js'
import { runtimeToken } from '../fakes/results/start-results.js'

const client = fileURLToPath(new URL('./toolkit-client.mjs', import.meta.url))

export interface ToolkitOptions {
  readonly resultsUrl: string
  readonly runId: string
  /** Home, temporary folder and workspace of the call. */
  readonly folder: string
}

/** One call of the real @actions/artifact or @actions/cache in a process of its own, as a step of a run would make it. */
export async function toolkit(
  options: ToolkitOptions,
  call: 'upload' | 'download' | 'list' | 'remove' | 'save' | 'restore',
  parameters: object = {},
) {
  const answer = await tryCommand(process.execPath, [client, call, JSON.stringify(parameters)], {
    env: {
      PATH: process.env['PATH'],
      HOME: options.folder,
      RUNNER_TEMP: options.folder,
      GITHUB_WORKSPACE: options.folder,
      GITHUB_SERVER_URL: 'https://github.com',
      ACTIONS_RESULTS_URL: options.resultsUrl,
      ACTIONS_RUNTIME_TOKEN: runtimeToken(options.runId),
      ACTIONS_CACHE_SERVICE_V2: '1',
    },
  })
  const last = answer.stdout.trim().split('\n').at(-1) ?? ''
  if (answer.code === 0) return JSON.parse(last).result
  throw new Error(`${answer.stdout}\n${answer.stderr}`)
}
