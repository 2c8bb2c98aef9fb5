import { invalid } from './refused.js'

interface Value {
  readonly namespace: string
  readonly metric: string
  readonly dimensions: string
  readonly at: number
  readonly value: number
}

interface Query {
  readonly Id: string
  readonly MetricStat: {
    readonly Metric: {
      readonly Namespace: string
      readonly MetricName: string
      readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[]
    }
    readonly Period: number
    readonly Stat: string
  }
}

interface Asked {
  readonly MetricDataQueries: readonly Query[]
  readonly StartTime: number
  readonly EndTime: number
  readonly NextToken?: string
}

/** Metrics by the minute. Timestamps on the wire are seconds since 1970. */
export class FakeCloudWatch {
  readonly values: Value[] = []
  readonly alarms = new Map<string, string>()
  onAlarm: (name: string) => void = () => undefined
  /** What the next answers say of their results, such as `PartialData`. */
  status = 'Complete'
  /** Results on each page. */
  perPage = 500
  /** Metrics that give nothing, as if they were late. */
  readonly silent = new Set<string>()

  put(
    namespace: string,
    metric: string,
    point: { dimensions: Record<string, string>; at: number; value: number },
  ): void {
    const { dimensions, at, value } = point
    this.values.push({
      namespace,
      metric,
      dimensions: keyOf(Object.entries(dimensions)),
      at,
      value,
    })
  }

  data({ MetricDataQueries: queries, StartTime, EndTime, NextToken }: Asked): object {
    if (StartTime >= EndTime) throw invalid('The parameter StartTime must be less than EndTime.')
    if (queries.length > 500)
      throw invalid('The collection MetricDataQueries must not have a size greater than 500.')
    const ids = new Set(queries.map(({ Id }) => Id))
    if (ids.size !== queries.length || queries.some(({ Id }) => !/^[a-z]\w*$/.test(Id))) {
      throw invalid('The values for parameter Id in MetricDataQueries are not valid.')
    }
    const from = Number(NextToken ?? 0)
    const page = queries.slice(from, from + this.perPage)
    const next = from + this.perPage
    return {
      MetricDataResults: page.map((query) => this.result(query, StartTime * 1000, EndTime * 1000)),
      Messages: [],
      ...(next < queries.length ? { NextToken: String(next) } : {}),
    }
  }

  setAlarm({ AlarmName, StateValue }: { AlarmName: string; StateValue: string }): object {
    if (!this.alarms.has(AlarmName)) throw invalid(`alarm ${AlarmName} does not exist`)
    this.alarms.set(AlarmName, StateValue)
    if (StateValue === 'ALARM') this.onAlarm(AlarmName)
    return {}
  }

  private result(
    { Id, MetricStat: { Metric, Period, Stat } }: Query,
    from: number,
    to: number,
  ): object {
    if (Period % 60 !== 0) throw invalid('Period must be a multiple of 60.')
    const dimensions = keyOf(Metric.Dimensions.map(({ Name, Value }) => [Name, Value]))
    const own = this.silent.has(Metric.MetricName)
      ? []
      : this.values.filter(
          (one) =>
            one.namespace === Metric.Namespace &&
            one.metric === Metric.MetricName &&
            one.dimensions === dimensions &&
            one.at >= from &&
            one.at < to,
        )
    const minutes = new Map<number, number[]>()
    for (const { at, value } of own) {
      const minute = Math.floor(at / (Period * 1000)) * Period
      minutes.set(minute, [...(minutes.get(minute) ?? []), value])
    }
    const points = [...minutes]
      .map(([minute, values]) => [minute, statistic(Stat, values)] as const)
      .filter((point): point is readonly [number, number] => point[1] !== undefined)
      .sort(([a], [b]) => a - b)
    return {
      Id,
      Label: Metric.MetricName,
      Timestamps: points.map(([minute]) => minute),
      Values: points.map(([, value]) => value),
      StatusCode: this.status,
    }
  }
}

function keyOf(pairs: readonly (readonly [string, string])[]): string {
  return JSON.stringify([...pairs].sort(([a], [b]) => (a < b ? -1 : 1)))
}

function statistic(stat: string, values: readonly number[]): number | undefined {
  if (stat === 'Sum') return values.reduce((sum, value) => sum + value, 0)
  if (stat === 'SampleCount') return values.length
  const bound = /^TC\(:(\d+(?:\.\d{1,10})?)\)$/.exec(stat)?.[1]
  if (bound === undefined) throw invalid(`The value ${stat} for parameter Stat is not supported.`)
  const count = values.filter((value) => value <= Number(bound)).length
  return count === 0 ? undefined : count
}
