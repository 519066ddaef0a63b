import { definitionOf, isQuantity, type TelemetryMessage } from '@anju/contract'
import { profileById } from '@anju/device-profiles/registry'

/** What simulated devices said, point by point, beside what arrived of it at the centre. */
export class TruthLedger {
  readonly #said = new Map<string, Said[]>()
  readonly #switches = new Set<string>()
  /** Questions that were asked a second time. */
  askedAgain = 0

  constructor(devices: readonly { readonly placement: string; readonly profile: string }[]) {
    for (const { placement, profile } of devices)
      for (const [point, { quantity }] of Object.entries(profileById(profile)?.measures ?? {}))
        if (isQuantity(quantity) && definitionOf(quantity).kind === 'switch')
          this.#switches.add(`${placement}/${point}`)
  }

  /** `again`: it was asked the same once more, because the answer came too late or not at all; either may be taken. */
  says(
    placement: string,
    truth: Readonly<Record<string, number>>,
    { points = Object.keys(truth), again = false }: { points?: readonly string[]; again?: boolean } = {},
  ): void {
    for (const point of points) {
      const value = truth[point]
      if (value === undefined) continue
      const series = `${placement}/${point}`
      const said = this.#said.get(series) ?? []
      const last = said.at(-1)
      if (again && last) last.push(value)
      else said.push([value])
      this.#said.set(series, said)
    }
  }

  /** How many values were said so far, of all points. */
  get values(): number {
    return [...this.#said.values()].reduce((sum, said) => sum + said.length, 0)
  }
  get points(): number {
    return this.#said.size
  }

  /**
   * Whether all that was said has arrived, in order and to the last digit. A switch that says the same again is kept once a
   * reporting interval, so of switches only the turns are compared.
   */
  compare(telemetry: readonly TelemetryMessage[]): Comparison {
    const arrived = new Map<string, (number | null)[]>()
    for (const { series } of telemetry) for (const { p, v } of series) arrived.set(p, [...(arrived.get(p) ?? []), ...v])
    const wrong: string[] = []
    const missingOf: string[] = []
    let missing = 0
    let absent = 0
    for (const [series, said] of this.#said) {
      const values = (arrived.get(series) ?? []).filter((value) => value !== null)
      absent += (arrived.get(series) ?? []).length - values.length
      const [wanted, got] = this.#switches.has(series)
        ? [turns(said.flat()).map((value) => [value]), turns(values)]
        : [said, values]
      const { lacking, strange } = inOrder(wanted, got)
      missing += lacking
      if (lacking > 0) missingOf.push(`${series}: ${lacking} of ${said.length}`)
      for (const value of strange) wrong.push(`${series}: ${value} was never said there`)
    }
    return { wrong, missing, missingOf, absent }
  }
}
export interface Comparison {
  readonly wrong: readonly string[]
  /** Said and not arrived. */
  readonly missing: number
  /** Of which series, and how many. */
  readonly missingOf: readonly string[]
  /** Arrived as absent: asked, and not understood or not answered. */
  readonly absent: number
}

/** A value, and what was said when the same was asked again at once. */
type Said = number[]

const turns = (values: readonly number[]): number[] => values.filter((value, i) => i === 0 || value !== values[i - 1])

/**
 * Both lists in step: a value that is next in neither order was never said, one that is skipped is lacking. The same once more is
 * a repeater on the way.
 */
function inOrder(said: readonly Said[], got: readonly number[]): { lacking: number; strange: number[] } {
  const strange: number[] = []
  let at = 0
  let lacking = 0
  for (const value of got) {
    if (!said[at]?.includes(value) && said[at - 1]?.includes(value)) continue
    const found = said.findIndex((one, i) => i >= at && one.includes(value))
    if (found < 0) {
      strange.push(value)
      continue
    }
    lacking += found - at
    at = found + 1
  }
  return { lacking: lacking + said.length - at, strange }
}
