import { createEndpoints } from '../../../src/adapters/probe/index.js'
import { ProbeSection } from '../../../src/config/deploy/probe.js'

/** Asks a server once, in a process of its own: which certificates it trusts is fixed when Node starts. */
const [url = ''] = process.argv.slice(2)
const inputs = [{ name: 'x', datatype: 'FP64' as const }]
const settings = ProbeSection.parse({ protocol: 'v2-grpc', model: 'census', inputs })
const endpoint = createEndpoints(settings, { env: process.env, healthPath: '' })(url)
const { signal } = new AbortController()
try {
  const states = await endpoint.health(signal)
  const answer = await endpoint.predict({ columns: ['a', 'b'], rows: [[1, 2.5]] }, signal)
  console.log(JSON.stringify({ states, answer }))
} catch (error) {
  console.log(JSON.stringify({ error: String(error) }))
} finally {
  endpoint.close()
}
