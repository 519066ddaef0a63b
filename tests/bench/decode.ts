import { DomainError, instant, type Monotonic } from '@anju/contract'
import type { Decoded, DeviceOptions, Example } from '@anju/device-profiles/profile'
import { type AnyProfile, profiles } from '@anju/device-profiles/registry'
import { newMemory } from '@anju/gateway/domain/memory'
import { hearing } from '@anju/gateway/pipeline/hearing'
import type { Device } from '@anju/gateway/ports'
import { type BenchDefinition, inTurns, median } from './figures.ts'

const sliceMs = 40
const rounds = 3
/** A home's devices, and as many as a gateway takes. */
const fewDevices = 4
const manyDevices = 256
/** The cost of a frame must not grow with the number of devices. */
const growthMax = 1.5

interface Codec {
  readonly id: string
  readonly profile: AnyProfile
  /** One good message after the other. */
  readonly decode: () => Decoded
}

/**
 * Frames a second through the codec of the profile that is slowest at it, each fed its own good examples; the reference parses the
 * JSON of a button. Then the whole way from a message to what it means, with few and with many devices.
 */
export const decode: BenchDefinition = {
  name: 'decode',
  what: 'frames a second of the slowest profile’s codec (reference: JSON.parse of a button’s message); cost of a frame with 256 devices ÷ with 4',
  unit: 'frames/s',
  better: 'higher',
  judged: 'value',
  gate: 50_000,
  goal: 200_000,
  async run(say) {
    const codecs = profiles.flatMap(codecOf)
    const rates = codecs.map((codec) => ({ id: codec.id, perSecond: rateOf(codec.decode) }))
    const slowest = rates.toSorted((a, b) => a.perSecond - b.perSecond)
    for (const { id, perSecond } of slowest.slice(0, 5)) say(`${id}: ${Math.round(perSecond)} frames/s`)
    const last = codecs.find(({ id }) => id === slowest[0]?.id)
    if (!last) throw new Error('there is no profile')
    const button = '{"action":"emergency","battery":80,"linkquality":120}'
    const figures = await inTurns(
      5,
      async () => rateOf(() => JSON.parse(button) as unknown),
      async () => rateOf(last.decode),
      say,
    )
    const growth = median(
      Array.from({ length: rounds }, () => costWith(codecs, manyDevices) / costWith(codecs, fewDevices)),
    )
    return {
      ...figures,
      more: {
        profiles: codecs.length,
        'slowest profile': last.id,
        'cost of a frame, many devices ÷ few': Number(growth.toFixed(2)),
        [`at most ${growthMax}`]: growth <= growthMax,
      },
    }
  },
}

function codecOf(profile: AnyProfile): Codec[] {
  const decodeOne = profile.decode as (message: unknown, options: DeviceOptions) => Decoded
  const good = (profile.examples as readonly Example<AnyProfile['driver'], string>[]).filter((one) => 'reads' in one)
  if (good.length === 0) throw new Error(`${profile.id} has no good example`)
  let next = 0
  const decode = () => {
    const example = good[next++ % good.length]
    return decodeOne(example?.input, example?.options ?? {})
  }
  return [{ id: profile.id, profile, decode }]
}

/** Calls a second, after the compiler has seen enough of them. */
function rateOf(work: () => unknown): number {
  const run = () => {
    let calls = 0
    const began = performance.now()
    do {
      for (let i = 0; i < 50; i++) work()
      calls += 50
    } while (performance.now() - began < sliceMs)
    return (calls * 1_000) / (performance.now() - began)
  }
  run()
  return run()
}

/** µs a frame, from a decoded message to its meaning and its memory, going round so many devices. */
function costWith(codecs: readonly Codec[], count: number): number {
  const devices = Array.from({ length: count }, (_, i) => {
    const codec = codecs[i % fewDevices]
    if (!codec) throw new Error('there is no profile')
    const device = { id: `d-${i}`, placement: `p-${i}`, profile: codec.profile, options: {} } as unknown as Device
    return { device, codec, memory: newMemory(instant(0)) }
  })
  let at = 0
  const one = () => {
    const entry = devices[at++ % count]
    if (!entry) throw new Error('there is no device')
    const heard = { at: instant(1_800_000_000_000 + at), mono: at as Monotonic }
    try {
      const decoded = entry.codec.decode()
      const arrived = { decoded, heard, retained: false, alive: true, delivery: undefined }
      entry.memory = hearing(entry.device, entry.memory, arrived).memory
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
    }
  }
  return 1e6 / rateOf(one)
}
