import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import {
  type EventMessage,
  encode,
  type HealthMessage,
  type LastWill,
  type Receipt,
  type TelemetryMessage,
} from '@anju/contract'
import { Aedes } from 'aedes'

/** For tests of the gateway: the other end of the uplink, as small as it can be. Answers only what the test tells it to. */
export interface TestCentre {
  readonly url: string
  readonly events: EventMessage[]
  readonly telemetry: TelemetryMessage[]
  readonly health: (HealthMessage | LastWill)[]
  readonly results: { command: string; ok: boolean; error?: string }[]
  /** Whether events, telemetry are receipted by themselves. */
  answers: { events: boolean; telemetry: boolean }
  send(kind: 'receipt' | 'handling' | 'command' | 'config', message: object): void
  receipt(receipt: Receipt): void
  /** Cuts every connection, and refuses new ones while `closed`. */
  cut(): void
  closed: boolean
  /** The other end is there and says nothing any more, as behind a router that forgot the connection. */
  mute(): void
  stop(): Promise<void>
}

export async function aTestCentre(gateway: string): Promise<TestCentre> {
  const aedes = await Aedes.createBroker()
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    if (centre.closed) {
      socket.destroy()
      return
    }
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    aedes.handle(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const centre: TestCentre = {
    url: `mqtt://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    events: [],
    telemetry: [],
    health: [],
    results: [],
    answers: { events: true, telemetry: true },
    closed: false,
    send(kind, message) {
      aedes.publish(
        {
          cmd: 'publish',
          topic: `anju/v1/${gateway}/down/${kind}`,
          payload: encode(message),
          qos: 1,
          retain: false,
          dup: false,
        },
        () => undefined,
      )
    },
    receipt: (receipt) => centre.send('receipt', receipt),
    cut() {
      for (const socket of sockets) socket.destroy()
    },
    mute() {
      for (const socket of sockets) {
        socket.removeAllListeners('readable')
        socket.pause()
      }
    },
    async stop() {
      centre.cut()
      await new Promise<void>((resolve) => aedes.close(resolve))
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
  aedes.on('publish', (packet, client) => {
    if (!client) return
    const kind = packet.topic.split('/').at(-1)
    const message = JSON.parse(packet.payload.toString()) as never
    if (kind === 'event') {
      centre.events.push(message)
      if (centre.answers.events) centre.receipt({ ids: [(message as EventMessage).id] })
    } else if (kind === 'telemetry') {
      centre.telemetry.push(message)
      if (centre.answers.telemetry) centre.receipt({ ids: [(message as TelemetryMessage).id] })
    } else if (kind === 'health') centre.health.push(message)
    else if (kind === 'result') centre.results.push(message)
  })
  return centre
}
