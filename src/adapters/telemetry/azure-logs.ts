import * as z from 'zod'
import type { AzureLogsSignals } from '../../config/deploy/azure-monitor.js'
import type { Signals } from '../../ports/signals.js'
import { type AzureService, type AzureTools, openAzure } from './azure.js'
import { createCountedSignals, filledIn, type Question } from './counted.js'
import { PLAIN, plainName } from './plain-name.js'
import { notEvaluated, notOneNumber, notUnderstood } from './query-problems.js'

const NAME = 'Log Analytics'
const WHERE = 'deploy.signals.azure-logs'

/** What users met, by queries of a workspace of Log Analytics. */
export function createAzureLogsSignals(settings: AzureLogsSignals, tools: AzureTools): Signals {
  const azure = openAzure(settings, 'logs', tools)
  return createCountedSignals({
    name: NAME,
    where: WHERE,
    lagMs: settings.lag,
    stepMs: 1,
    queries: settings,
    fill: (query, { called, window }) => {
      const write = (name: string) => plainName(name, { where: WHERE, service: NAME, of: PLAIN })
      const times = { from: datetime(window.from), to: datetime(window.to) }
      return filledIn(query, { called, write, times })
    },
    ask: async (questions) => {
      const values: (number | undefined)[] = []
      for (const question of questions) {
        const answer = await numberOf(azure, settings.workspace, question)
        if (answer === 'partial') return undefined
        values.push(answer)
      }
      return { values, warnings: [] }
    },
  })
}

function datetime(milliseconds: number): string {
  return `datetime(${new Date(milliseconds).toISOString()})`
}

const Answer = z.object({
  tables: z.array(
    z.object({
      name: z.string(),
      columns: z.array(z.object({ name: z.string(), type: z.string() })),
      rows: z.array(z.array(z.unknown())),
    }),
  ),
  /** Beside tables: what is in them is not all. */
  error: z.unknown().optional(),
})

async function numberOf(
  { rest, url }: AzureService,
  workspace: string,
  { query, where }: Question,
): Promise<number | undefined | 'partial'> {
  const answer = await rest({
    method: 'POST',
    url: url(`/v1/workspaces/${encodeURIComponent(workspace)}/query`),
    audience: 'logs',
    body: { query },
  })
  if (answer.status === 400 || answer.status === 404)
    throw notEvaluated(NAME, where, answer.problem)
  const parsed = Answer.safeParse(answer.json)
  if (answer.status !== 200 || !parsed.success)
    throw notUnderstood(NAME, answer.status, answer.problem)
  if (parsed.data.error !== undefined) return 'partial'
  const { tables } = parsed.data
  const table = tables.find(({ name }) => name === 'PrimaryResult') ?? tables[0]
  const rows = table?.rows ?? []
  if (rows.length > 1 || (table?.columns.length ?? 0) > 1) throw notOneNumber(where)
  const [value] = rows[0] ?? []
  return value === undefined || value === null ? undefined : Number(value)
}
