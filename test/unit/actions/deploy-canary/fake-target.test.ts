import { createRandom } from '../../../../src/domain/stats/random.js'
import { trafficContract } from '../../../contracts/traffic.contract.js'
import { createFakeTarget, createFakeTraffic, serve } from './fake-target.js'

trafficContract('the fake', async () => {
  const stable = { version: '1', url: 'http://one' }
  const traffic = createFakeTraffic(stable)
  const random = createRandom(3)
  return {
    target: createFakeTarget(traffic),
    again: () => createFakeTarget(traffic),
    stable,
    canary: { version: '2', url: 'http://two' },
    dead: { version: 'dead', url: 'http://dead' },
    send: async (count) => Array.from({ length: count }, () => serve(traffic, random.next())),
    end: async () => undefined,
  }
})
