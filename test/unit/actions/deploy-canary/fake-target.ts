import type {
  ArmCounters,
  MirrorCounters,
  Reading,
} from '../../../../src/domain/rollout/observation.js'
import type { Sample } from '../../../../src/domain/rollout/quality.js'
import { UserError } from '../../../../src/errors.js'
import type { Backend, TrafficState, TrafficTarget } from '../../../../src/ports/traffic.js'

/** A target in memory, shared by its drivers; passes test/contracts/traffic.contract.ts. */
export interface FakeTraffic {
  state: TrafficState
  revision: number
  readonly arms: Map<string, ReturnType<typeof emptyArm>>
  readonly mirror: { -readonly [K in keyof MirrorCounters]: number }
  readonly samples: { sample: Omit<Sample, 'version'>; version: string }[]
  epoch: string
  reachable: boolean
  now: () => Date
  readonly calls: string[]
}

const BOUNDS = [10, 100, 1000]

function emptyArm() {
  return { assigned: 0, requests: 0, errors: 0, unreachable: 0, latency: [0, 0, 0, 0] }
}

export function createFakeTraffic(stable: Backend): FakeTraffic {
  return {
    state: {
      stable,
      canary: undefined,
      previous: undefined,
      weight: 0,
      mirror: 0,
      rollout: undefined,
      ejected: undefined,
      url: 'http://fake',
    },
    revision: 0,
    arms: new Map(),
    mirror: { agree: 0, disagree: 0, canaryOnlyErrors: 0, stableOnlyErrors: 0, discarded: 0 },
    samples: [],
    epoch: 'a',
    reachable: true,
    now: () => new Date(0),
    calls: [],
  }
}

/** A request of a user, answered or failed by the version that got it. */
export function serve(
  traffic: FakeTraffic,
  point: number,
  answer: (role: 'stable' | 'canary') => {
    error?: boolean
    sample?: Omit<Sample, 'version'>
  } = () => ({}),
): string {
  const { canary, stable, weight } = traffic.state
  const role = canary !== undefined && point * 100 < weight ? 'canary' : 'stable'
  const { version } = (role === 'canary' ? canary : undefined) ?? stable
  const arm = armOf(traffic, version)
  const { error, sample } = answer(role)
  arm.assigned += 1
  arm.requests += 1
  arm.latency[0] = (arm.latency[0] ?? 0) + 1
  if (error) arm.errors += 1
  if (sample !== undefined) traffic.samples.push({ sample, version })
  return version
}

function armOf(traffic: FakeTraffic, version: string) {
  const arm = traffic.arms.get(version) ?? emptyArm()
  traffic.arms.set(version, arm)
  return arm
}

function snapshot(arm: ArmCounters): ArmCounters {
  return { ...arm, latency: [...arm.latency] }
}

export function createFakeTarget(traffic: FakeTraffic): TrafficTarget {
  let known: number | undefined
  let promoted: string | undefined
  const problem = (what: string) => new UserError({ code: 'MW-DEPLOY-004', what })
  const write = (name: string, patch: Partial<TrafficState>, force = false) => {
    traffic.calls.push(name)
    known ??= traffic.revision
    if (!force && known !== traffic.revision) throw problem('changed by another hand')
    traffic.state = { ...traffic.state, ...patch }
    traffic.revision += 1
    known = traffic.revision
    return traffic.state
  }
  return {
    kind: 'fake',
    capabilities: { mirror: true, compare: true, samples: true },
    async prepare(rollout, canary) {
      const other = traffic.state.rollout
      if (other !== undefined && other.id !== rollout.id) {
        throw problem(`${other.id} of ${other.owner} is still under way`)
      }
      if (canary.version === traffic.state.stable.version) throw problem('same version')
      if (canary.version === 'dead') throw problem('not ready')
      known = traffic.revision
      return write('prepare', { canary, rollout, weight: 0, mirror: 0, ejected: undefined })
    },
    set: async ({ weight, mirror }) => write(`set ${weight}`, { weight, mirror }),
    async observe(cursor) {
      const { state } = traffic
      const reading: Reading = {
        epoch: traffic.epoch,
        at: traffic.now().toISOString(),
        latencyBounds: BOUNDS,
        canaryReachable: traffic.reachable,
        stable: snapshot(armOf(traffic, state.stable.version)),
        canary: snapshot(state.canary ? armOf(traffic, state.canary.version) : emptyArm()),
        mirror: { ...traffic.mirror },
      }
      const from = cursor === undefined ? traffic.samples.length : Number(cursor)
      const samples = traffic.samples.slice(from).map(({ sample, version }) => {
        const role = version === state.canary?.version ? ('canary' as const) : ('stable' as const)
        return { ...sample, version: role }
      })
      return { state, reading, samples, cursor: String(traffic.samples.length), samplesLost: 0 }
    },
    async record(rollout) {
      write('record', { rollout: JSON.parse(JSON.stringify(rollout)) })
    },
    async promote() {
      const { canary, stable } = traffic.state
      if (canary === undefined) {
        if (stable.version === promoted) return traffic.state
        throw problem('no canary')
      }
      promoted = canary.version
      const closed = { canary: undefined, weight: 0, mirror: 0, rollout: undefined }
      return write('promote', { ...closed, stable: canary, previous: stable })
    },
    async rollback({ to }) {
      if (to === 'stable') {
        const closed = { canary: undefined, weight: 0, mirror: 0, rollout: undefined }
        return write('rollback', closed, true)
      }
      const { previous } = traffic.state
      if (previous === undefined) throw problem('no earlier version')
      return write('restore', { stable: previous, previous: undefined })
    },
  }
}
