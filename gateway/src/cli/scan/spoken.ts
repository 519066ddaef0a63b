import { definitionOf, plausible } from '@anju/contract'
import { decodeWith } from '@anju/device-profiles/decode-with'
import type { Decoded, DeviceOptions } from '@anju/device-profiles/profile'
import type { AnyProfile } from '@anju/device-profiles/registry'

/** A device's first words, and whose profiles understand them. */
export interface Spoken {
  readonly says: string
  readonly by: readonly AnyProfile[]
}

const pointsMax = 4
/** No device measures so finely: these are the bytes of something else, read as a number. */
const smallest = 1e-6

/** What these messages mean, by the first profile that reads a possible value out of them. */
export function spokenBy(profiles: readonly AnyProfile[], messages: readonly unknown[]): Spoken | undefined {
  const read = profiles.flatMap((profile) => {
    const says = valuesIn(profile, messages)
    return says === undefined ? [] : [{ profile, says }]
  })
  const [first] = read
  return first && { says: first.says, by: read.map(({ profile }) => profile) }
}

/** `Voltage 230.1 V, Active power 40 W`; undefined when it is none of this device's: then some value would be impossible. */
function valuesIn(profile: AnyProfile, messages: readonly unknown[]): string | undefined {
  const decode = profile.decode as (message: unknown, options: DeviceOptions) => Decoded
  const words = new Map<string, string>()
  for (const message of messages) {
    const read = decodeWith((given) => decode(given, {}), message)
    if (!read.ok) continue
    for (const event of read.value.events) words.set(event, event)
    for (const [point, given] of Object.entries(read.value.readings)) {
      const measure = profile.measures[point]
      if (!measure || !given) continue
      const reading = plausible(measure.quantity, given)
      if (reading.is === 'absent' && reading.why === 'implausible') return undefined
      if (reading.is !== 'value') continue
      if (reading.value !== 0 && Math.abs(reading.value) < smallest) return undefined
      const { unit, kind } = definitionOf(measure.quantity)
      const value = kind === 'switch' ? (reading.value === 1 ? 'yes' : 'no') : `${reading.value} ${unit}`
      words.set(point, `${measure.name} ${value}`)
    }
  }
  return words.size === 0 ? undefined : [...words.values()].slice(0, pointsMax).join(', ')
}
