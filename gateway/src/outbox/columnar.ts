import { type Absence, definitionOf, type Measurement, type Series } from '@anju/contract'

/** `dt` may not reach further than this from `t0`; a clock that jumped starts another series. */
const spanMsMax = 30 * 86_400_000

/** More would take too much of a slow link at once, with a press behind it. */
const samplesPerMessageMax = 250

/** The `series` of as many messages as these samples need, as the JSON text that will be sent. */
export function* sealed(samples: readonly Measurement[]): Generator<string> {
  for (let i = 0; i < samples.length; i += samplesPerMessageMax)
    yield JSON.stringify(columnar(samples.slice(i, i + samplesPerMessageMax)))
}

/** Samples as columns, one series a point, oldest first: about a third of what the same samples cost as objects. */
export function columnar(samples: readonly Measurement[]): Series[] {
  const byPoint = new Map<string, Measurement[]>()
  for (const sample of samples) {
    const name = `${sample.placement}/${sample.point}`
    const list = byPoint.get(name)
    if (list) list.push(sample)
    else byPoint.set(name, [sample])
  }
  const series: Series[] = []
  for (const [name, list] of byPoint) {
    list.sort((a, b) => a.at - b.at)
    let start = 0
    for (let i = 1; i <= list.length; i++) {
      if (i < list.length && (list[i]?.at ?? 0) - (list[start]?.at ?? 0) <= spanMsMax) continue
      series.push(oneSeries(name, list.slice(start, i)))
      start = i
    }
  }
  return series
}

function oneSeries(name: string, list: readonly Measurement[]): Series {
  const [first] = list
  if (!first) throw new Error('a series has at least one sample')
  const absent: Record<string, Absence> = {}
  const v = list.map(({ reading }, i) => {
    if (reading.is === 'value') return reading.value
    absent[i] = reading.why
    return null
  })
  return {
    p: name,
    u: definitionOf(first.quantity).unit as Series['u'],
    t0: first.at,
    dt: list.map(({ at }) => at - first.at),
    v,
    ...(Object.keys(absent).length > 0 && { absent }),
  }
}
