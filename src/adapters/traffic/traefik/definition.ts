import * as z from 'zod'
import { UserError } from '../../../errors.js'
import type { ShownService } from './api.js'

/** What we write: shares in hundredths of a percent, by service. */
export interface Definition {
  readonly stable: string
  readonly canary: string | undefined
  /** What gets the copies. */
  readonly copies: string | undefined
  /** Percent. */
  readonly weight: number
  /** Whole percent. */
  readonly mirror: number
}

const Weighted = z.strictObject({
  weighted: z.strictObject({
    services: z
      .array(z.strictObject({ name: z.string(), weight: z.int().min(0).max(10_000) }))
      .min(1)
      .max(2),
  }),
})
const Mirroring = z.strictObject({
  mirroring: z.strictObject({
    service: z.string(),
    mirrors: z.array(z.strictObject({ name: z.string(), percent: z.int() })).length(1),
  }),
})
type Service = z.output<typeof Weighted> | z.output<typeof Mirroring>
export type Services = Readonly<Record<string, Service>>
const File = z.strictObject({
  http: z.strictObject({ services: z.record(z.string(), z.union([Weighted, Mirroring])) }),
})

/** The services of the file by name: users' service, and the one behind it while copies are sent. */
export function servicesOf(service: string, definition: Definition): Services {
  const { stable, canary, copies, weight, mirror } = definition
  const share = Math.round(weight * 100)
  const ofCanary = canary === undefined ? [] : [{ name: canary, weight: share }]
  const weighted = {
    weighted: { services: [{ name: stable, weight: 10_000 - share }, ...ofCanary] },
  }
  if (mirror === 0 || copies === undefined) return { [service]: weighted }
  const mirrors = [{ name: copies, percent: mirror }]
  return {
    [service]: { mirroring: { service: `${service}-shares`, mirrors } },
    [`${service}-shares`]: weighted,
  }
}

/** JSON, which is YAML as well. */
export function textOf(services: Services): string {
  return `${JSON.stringify({ http: { services } }, null, 2)}\n`
}

/** What the file says. Throws UserError MW-DEPLOY-170 for one that is none of ours. */
export function understand(file: string, service: string, text: string): Services {
  const services = parse(text)?.http.services
  if (services?.[service] !== undefined) return services
  throw new UserError({
    code: 'MW-DEPLOY-170',
    where: 'deploy.traefik.file',
    what: `${file} holds something else than the service ${service} as it is written here.`,
    fix: 'Give Modelway a file of its own: name another, or remove this one.',
  })
}

function parse(text: string): z.output<typeof File> | undefined {
  try {
    return File.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

/** Whether Traefik shows a service as it was written. */
export function isAsWritten(shown: ShownService | undefined, written: Service): boolean {
  if (shown?.isEnabled !== true) return false
  const { weighted, mirroring } = shown
  return 'weighted' in written
    ? same(
        weighted?.map(({ name, weight }) => [name, weight]),
        weightsOf(written.weighted),
      )
    : mirroring?.service === written.mirroring.service &&
        same(
          mirroring.mirrors.map(({ name, percent }) => [name, percent]),
          written.mirroring.mirrors.map(({ name, percent }) => [name, percent]),
        )
}

function weightsOf({ services }: z.output<typeof Weighted>['weighted']): readonly unknown[] {
  return services.map(({ name, weight }) => [name, weight])
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
