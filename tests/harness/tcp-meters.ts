import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { type Instant, millis, type Timer } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import type { PolledDevice, TalkingDevice } from '@anju/simulators/devices/device'
import { polledDevices, talkingDevices } from '@anju/simulators/devices/devices'

/** A TCP converter with simulated devices behind it. */
export interface TcpMeters {
  readonly url: string
  /** By point, every value that they have said. */
  readonly said: ReadonlyMap<string, ReadonlySet<number>>
  stop(): Promise<void>
}

export function simulatedMeter(name: string, address: string): PolledDevice {
  const found = polledDevices.find((one) => one.name === name)
  if (!found) throw new Error(`no simulated device ${name}`)
  return found.make(address)
}

export function simulatedTalker(name: string): TalkingDevice {
  const found = talkingDevices.find((one) => one.name === name)
  if (!found) throw new Error(`no simulated device ${name}`)
  return found.make('')
}

/** Each answers when it is asked, or speaks every `every`, faster than it would in a home. */
export async function tcpMeters(
  meters: readonly (PolledDevice | TalkingDevice)[],
  every = millis(200),
): Promise<TcpMeters> {
  const said = new Map<string, Set<number>>()
  const sockets = new Set<Socket>()
  const timers: Timer[] = []
  const note = (meter: PolledDevice | TalkingDevice, at: Instant, points: readonly string[]) => {
    const truth = meter.truth(at)
    for (const point of points) said.set(point, (said.get(point) ?? new Set()).add(truth[point] ?? Number.NaN))
  }
  const say = (bytes: Uint8Array) => sockets.forEach((socket) => socket.write(bytes))
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => sockets.delete(socket))
    socket.on('data', (bytes) => {
      for (const meter of meters) {
        const at = systemClock.now()
        const answer = 'answer' in meter ? meter.answer(bytes, at) : undefined
        if (!answer) continue
        note(meter, at, answer.points)
        say(answer.bytes)
      }
    })
  })
  for (const meter of meters)
    if ('speak' in meter)
      timers.push(
        systemClock.every(every, () => {
          const at = systemClock.now()
          note(meter, at, Object.keys(meter.truth(at)))
          say(meter.speak(at))
        }),
      )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    url: `tcp://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    said,
    async stop() {
      for (const timer of timers) timer.cancel()
      for (const socket of sockets) socket.destroy()
      await new Promise((done) => server.close(done))
    },
  }
}
