import { definitionOf, type Measurement, type Millis } from '@anju/contract'

/**
 * Which samples are worth the disk and the link. A switch that says the same thing every second is kept once per reporting
 * interval, which still proves that the sensor was alive; a change, a silence and every other quantity are always kept.
 */
export class Sampling {
  readonly #kept = new Map<string, Measurement>()

  worthKeeping(samples: readonly Measurement[], every: Millis): Measurement[] {
    return samples.filter((sample) => {
      if (definitionOf(sample.quantity).kind !== 'switch') return true
      const key = keyOf(sample)
      const before = this.#kept.get(key)
      const age = before ? sample.at - before.at : Number.POSITIVE_INFINITY
      // A clock that was set back must not silence the switch until it has caught up.
      if (before && same(before, sample) && age >= 0 && age < every) return false
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
const same = ({ reading: a }: Measurement, { reading: b }: Measurement): boolean =>
  a.is === 'value' ? b.is === 'value' && a.value === b.value : b.is === 'absent' && a.why === b.why
