import { definitionOf, type Measurement, type Millis } from '@anju/contract'
import type { Measures } from '@anju/device-profiles/profile'

/**
 * Which samples are worth the disk and the link. A switch that says the same thing every second is kept once per reporting
 * interval, which still proves that the sensor was alive; a number is kept as often as its profile wants it. The change of a
 * switch, and a silence or its end, are always kept.
 */
export class Sampling {
  readonly #kept = new Map<string, Measurement>()

  worthKeeping(samples: readonly Measurement[], reportEvery: Millis, measures: Measures = {}): Measurement[] {
    return samples.filter((sample) => {
      const isSwitch = definitionOf(sample.quantity).kind === 'switch'
      const every = isSwitch ? reportEvery : measures[sample.point]?.keepEvery
      if (every === undefined) return true
      const key = keyOf(sample)
      const before = this.#kept.get(key)
      const age = before ? sample.at - before.at : Number.POSITIVE_INFINITY
      // A clock that was set back must not silence the switch until it has caught up.
      if (before && same(before, sample, isSwitch) && age >= 0 && age < every) return false
      this.#kept.set(key, sample)
      return true
    })
  }

  /** These were not stored after all. */
  forget(samples: readonly Measurement[]): void {
    for (const sample of samples) this.#kept.delete(keyOf(sample))
  }
}

const keyOf = ({ placement, point }: Measurement): string => `${placement}/${point}`
/** A number is never the same for long: of numbers it only matters that there is one. */
const same = ({ reading: a }: Measurement, { reading: b }: Measurement, byValue: boolean): boolean =>
  a.is === 'value' ? b.is === 'value' && (!byValue || a.value === b.value) : b.is === 'absent' && a.why === b.why
