import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type DeviceId,
  type EventMessage,
  encode,
  gatewayId,
  instant,
  type PlacementId,
  type Receipt,
  seconds,
  seededRandom,
} from '@anju/contract'
import { VirtualClock } from '@anju/contract/virtual-clock'
import { Outbox } from '../outbox/outbox.ts'
import { Tally } from '../pipeline/tally.ts'
import type { EventDraft } from '../ports.ts'
import { silentLog } from '../silent-log.ts'
import type { Connection, ConnectionEvents } from '../uplink/connection.ts'
import { Uplink } from '../uplink/uplink.ts'

/** For tests: an uplink over a real outbox, on a clock that stands still and a connection that the test speaks for. */
export interface TestUplink {
  readonly clock: VirtualClock
  readonly outbox: Outbox
  readonly uplink: Uplink
  /** How often a connection was opened. */
  readonly opened: number
  /** The events sent so far, over all connections. */
  readonly sent: readonly EventMessage[]
  connect(): void
  /** The try to connect, or the connection, comes to its end. */
  fail(): void
  receipt(receipt: Receipt): void
  /** Any packet that is not for us to read: a PUBACK, a ping's answer. */
  sign(): void
  press(device?: string): Promise<void>
  stop(): Promise<void>
}

const gateway = gatewayId('gw-test')

export function aTestUplink(): TestUplink {
  const dir = mkdtempSync(join(tmpdir(), 'anju-uplink-'))
  const clock = new VirtualClock(instant(Date.parse('2026-03-01T08:00:00Z')))
  const random = seededRandom(1)
  const outbox = new Outbox({ dir, clock, random, log: silentLog })
  const sent: EventMessage[] = []
  let events: ConnectionEvents | undefined
  let opened = 0
  const uplink = new Uplink({
    gateway,
    server: { url: 'mqtt://127.0.0.1:1' },
    outbox,
    clock,
    random,
    log: silentLog,
    tally: new Tally(),
    open(_options, given): Connection {
      opened++
      events = given
      return {
        publish(topic, payload) {
          if (topic.endsWith('/up/event')) sent.push(JSON.parse(payload.toString()) as EventMessage)
        },
        close: () => Promise.resolve(),
        abandon: () => given.onDown('abandoned'),
      }
    },
    clockSynced: () => true,
    configHash: 'none',
    health: () => ({
      uptimeS: 0,
      queue: outbox.depths(),
      clock: { synced: true, offsetMs: null },
      power: 'unknown',
      links: [],
      devices: [],
    }),
  })
  uplink.start()
  return {
    clock,
    outbox,
    uplink,
    sent,
    get opened() {
      return opened
    },
    connect: () => events?.onUp(),
    fail: () => events?.onDown('refused'),
    sign: () => events?.onSign(),
    receipt(receipt) {
      events?.onSign()
      events?.onMessage(`anju/v1/${gateway}/down/receipt`, encode(receipt))
    },
    async press(device = 'sos-1') {
      await outbox.append({ events: [pressOf(device, clock)] })
      // It is sent in the turn after the one that stored it.
      await new Promise((turn) => setImmediate(turn))
      await clock.pass(seconds(0))
    },
    async stop() {
      await uplink.stop()
      outbox.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

export const pressOf = (device: string, clock: VirtualClock): EventDraft => ({
  type: 'sos-pressed',
  class: 'life',
  phase: 'raised',
  placement: device as PlacementId,
  device: device as DeviceId,
  heard: { at: clock.now(), mono: clock.monotonic() },
})
