import { type Clock, type Instant, type Millis, millis } from '@anju/contract'
import type { OpenTransport } from '@anju/gateway/serial-line/transport'
import type { PolledDevice } from '@anju/simulators/devices/device'
import { polledDevices } from '@anju/simulators/devices/devices'

/** One of the simulated devices, by its name in their list. */
export function simulatedDevice(name: string, address: string): PolledDevice {
  const found = polledDevices.find((one) => one.name === name)
  if (!found) throw new Error(`no simulated device ${name}`)
  return found.make(address)
}

/** A device on a simulated line, and how it behaves there. */
export interface Hung {
  readonly device: PolledDevice
  /** Hears everything and says nothing. */
  readonly dead?: true
  /** What it lets onto the line before its answer, and how long before. */
  readonly noise?: { readonly bytes: readonly number[]; readonly before: Millis }
}

export interface Said {
  readonly profile: string
  readonly at: Instant
  readonly values: Readonly<Record<string, number>>
}

const answerDelay = millis(60)
const chunkBytes = 8

/** An RS-485 line with simulated devices on it, in the time of the test's clock; `said` is what they answered. */
export function simulatedBus(clock: Clock, hung: readonly Hung[]): { open: OpenTransport; said: readonly Said[] } {
  const said: Said[] = []
  return {
    said,
    open: (_url, events) => {
      function answer({ device, noise }: Hung, asked: Uint8Array): void {
        const at = clock.now()
        const given = device.answer(asked, at)
        if (!given) return
        const truth = device.truth(at)
        const values = Object.fromEntries(given.points.map((point) => [point, truth[point] ?? Number.NaN]))
        said.push({ profile: device.profile, at, values })
        if (noise) clock.after(answerDelay, () => events.onBytes(Uint8Array.from(noise.bytes)))
        // An answer comes off a port in pieces.
        const { bytes } = given
        for (let from = 0; from < bytes.byteLength; from += chunkBytes)
          clock.after(millis(answerDelay + (noise?.before ?? 0) + from * 5), () =>
            events.onBytes(bytes.subarray(from, from + chunkBytes)),
          )
      }
      return Promise.resolve({
        write(bytes) {
          for (const one of hung) if (one.dead !== true) answer(one, bytes)
          return Promise.resolve()
        },
        close: () => Promise.resolve(),
      })
    },
  }
}
