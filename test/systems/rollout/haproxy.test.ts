import { ensureHaproxy } from '../../../tools/install/haproxy.js'
import { startHaproxy } from '../haproxy/server.js'
import { send, underLoad } from '../haproxy/versions.js'
import { systemSuite } from '../system-suite.js'
import { wholeRollouts } from './suite.js'

// @evidence HAProxy: live (2.6.12), whole rollouts by its own counters, a killed runner too
await systemSuite('The whole action on HAProxy', ensureHaproxy, (program) =>
  wholeRollouts({
    record: 'state-dir',
    open: async () => {
      const { port, socket, stateFile, versions, close } = await startHaproxy(program())
      return {
        settings: {
          target: 'haproxy',
          haproxy: { socket, backend: 'model', 'state-file': stateFile },
          settle: '300ms',
        },
        canary: versions[1],
        underLoad: (work) => underLoad(port, work, 20),
        toCanary: async (times) =>
          (await send(port, times)).filter(({ body }) => body === 'model-2').length,
        close,
      }
    },
  }),
)
