import type { ProbeSection } from '../../config/deploy/probe.js'
import { valueAt } from '../../domain/probe/answers.js'
import type { Rows } from '../../domain/probe/tensor.js'
import type { HealthState, ModelEndpoint } from '../../ports/probe.js'
import { jsonOf, send } from './http.js'
import { filled, takesAll, writtenRows } from './json-rows.js'
import { notUnderstood, type Peer } from './peer.js'

/** Any server that takes JSON and answers with JSON: FastAPI, Flask, BentoML, TorchServe. */
export function createJson(
  peer: Peer,
  settings: ProbeSection,
  defaultHealthPath: string,
): ModelEndpoint {
  const { path = '/', answer: pointer, 'row-as': rowAs = 'object', body: template } = settings
  const healthPath = settings['health-path'] ?? defaultHealthPath
  const bodyOf = (rows: Rows) =>
    template === undefined ? writtenRows(rows, rowAs)[0] : filled(template, rows, rowAs)
  const ask = async (rows: Rows, signal: AbortSignal): Promise<unknown> => {
    const answer = jsonOf(peer, await send(peer, { path, body: bodyOf(rows) }, signal))
    const found = valueAt(answer, pointer)
    if (found !== undefined) return found
    throw notUnderstood(peer, `the answer has nothing at ${pointer}: ${JSON.stringify(answer)}`)
  }
  return {
    address: peer.address,
    health: async (signal) => {
      if (healthPath === '') return []
      const { status, text } = await send(peer, { path: healthPath }, signal)
      const ok = status >= 200 && status < 300
      const what = ok ? '' : peer.hide(`status ${status} ${text.slice(0, 100)}`.trim())
      return [{ name: `GET ${healthPath}`, ok, what }]
    },
    schema: async () => undefined,
    predict: async (rows, signal) => {
      if (takesAll(template)) {
        return { kind: 'values', values: listOf(peer, await ask(rows, signal), rows.rows.length) }
      }
      const values: unknown[] = []
      for (const row of rows.rows) {
        values.push(await ask({ columns: rows.columns, rows: [row] }, signal))
      }
      return { kind: 'values', values }
    },
    close: () => undefined,
  }
}

/** The protocol v1 of TensorFlow Serving and KServe: `{"instances": […]}` gives `{"predictions": […]}`. */
export function createV1(peer: Peer, settings: ProbeSection): ModelEndpoint {
  const { model = '', 'model-version': version, 'row-as': rowAs = 'list' } = settings
  const of = `/v1/models/${encodeURIComponent(model)}`
  const path = version === undefined ? of : `${of}/versions/${encodeURIComponent(version)}`
  return {
    address: peer.address,
    health: async (signal) => {
      const { status, text } = await send(peer, { path }, signal)
      return [modelState(status, peer.hide(text))]
    },
    schema: async () => undefined,
    predict: async (rows, signal) => {
      const body = { instances: writtenRows(rows, rowAs) }
      const answer = jsonOf(peer, await send(peer, { path: `${path}:predict`, body }, signal))
      const found = valueAt(answer, '/predictions')
      return { kind: 'values', values: listOf(peer, found, rows.rows.length) }
    },
    close: () => undefined,
  }
}

/** KServe says `"ready": true` or `"True"`, TensorFlow Serving the state of each version. */
function modelState(status: number, text: string): HealthState {
  const saysNo = /"ready"\s*:\s*(?:false|"false")/i.test(text)
  const versions = /"state"\s*:/.test(text)
  const ok = status === 200 && !saysNo && (!versions || /"state"\s*:\s*"AVAILABLE"/.test(text))
  return {
    name: 'model ready',
    ok,
    what: ok ? '' : `status ${status} ${text.slice(0, 100)}`.trim(),
  }
}

function listOf(peer: Peer, found: unknown, count: number): readonly unknown[] {
  if (Array.isArray(found) && found.length === count) return found
  const what = Array.isArray(found) ? `${found.length} predictions` : 'no list of predictions'
  throw notUnderstood(peer, `the answer to ${count} rows has ${what}`)
}
