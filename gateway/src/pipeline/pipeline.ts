import {
  type Absence,
  absent,
  type Clock,
  classOf,
  type EventPhase,
  elapsed,
  errorMessage,
  type Instant,
  type Measurement,
  type Monotonic,
  millis,
  minutes,
  seconds,
  type Timer,
} from '@anju/contract'
import { decodeWith } from '@anju/device-profiles/decode-with'
import type { Decoded, DeviceOptions } from '@anju/device-profiles/profile'
import { type DeviceMemory, readMemory, writeMemory } from '../domain/memory.ts'
import { heardFrom, unheard, type Watched } from '../domain/supervision.ts'
import type { DeviceListener } from '../drivers/driver.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { Device, DeviceMessage, EventDraft, Heard, Log, Quarantined } from '../ports.ts'
import { judge } from './judge.ts'
import { measure } from './measure.ts'
import { Sampling } from './sampling.ts'
import type { Tally } from './tally.ts'

export interface PipelineOptions {
  readonly outbox: Outbox
  readonly clock: Clock
  readonly log: Log
  readonly tally: Tally
  readonly devices: readonly Device[]
}

const superviseEvery = seconds(1)
/** Senders named in the log, once each: an installer finds the new button, and a busy street does not fill the disk. */
const strangersMax = 256
/** How much listening time a crash may forget. */
const rememberEvery = minutes(1)

/** From what a driver heard to what is on the disk: decode, measure, judge, and one durable write for all of it. */
export class Pipeline implements DeviceListener {
  readonly #options: PipelineOptions
  readonly #memories = new Map<string, DeviceMemory>()
  readonly #suspended = new Set<string>()
  /** Devices with an event on its way to the disk, and when it is known whether it got there. */
  readonly #storing = new Map<string, Promise<void>>()
  readonly #sampling = new Sampling()
  readonly #strangers = new Set<string>()
  readonly #timers: Timer[] = []
  #tickedAt: Monotonic

  constructor(options: PipelineOptions) {
    this.#options = options
    const { outbox, clock, devices } = options
    this.#tickedAt = clock.monotonic()
    for (const { id } of devices) this.#memories.set(id, readMemory(outbox.state(keyOf(id)), clock.now()))
  }

  start(): void {
    const { clock } = this.#options
    this.#tickedAt = clock.monotonic()
    this.#timers.push(
      clock.every(superviseEvery, () => this.#supervise()),
      clock.every(rememberEvery, () => this.#inBackground(this.remember(), 'supervision could not be stored')),
    )
  }

  /** Stores the listening time, so that a restart does not begin the supervision anew. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) timer.cancel()
    await this.remember()
  }

  memoryOf(device: Device): DeviceMemory {
    return this.#memories.get(device.id) ?? readMemory(undefined, this.#options.clock.now())
  }

  /** Resolves when what the message meant is on the disk. A malformed one is counted and kept, and is no error. */
  async hear(given: DeviceMessage): Promise<void> {
    const { device, heard, message } = given
    // The repeat of a press is acknowledged for the press's sake: it must not be, if that one could not be stored after all.
    for (let storing = this.#storing.get(device.id); storing; storing = this.#storing.get(device.id)) await storing
    const decode = device.profile.decode as (message: unknown, options: DeviceOptions) => Decoded
    const decoded = decodeWith((given) => decode(given, device.options), message)
    if (!decoded.ok) {
      const { code, message: why } = decoded.error
      return this.refuse({ source: device.id, code, why, bytes: bytesOf(message) })
    }
    this.#options.tally.count('messages-heard')
    const { readings, events: named } = decoded.value
    const before = this.memoryOf(device)
    const measured = measure(device.placement, device.profile.measures, readings, heard.at, before.counters)
    for (const point of measured.replaced)
      this.#options.log.warn({ device: device.id, point }, 'a counter began anew: the meter was replaced')
    // A retained message is the broker's memory, and a bridge's word about a device is not the device's.
    const says = measured.samples.length > 0 || named.length > 0 || decoded.value.heartbeat === true
    const spoke = !('retained' in message) || (!message.retained && says)
    const watched = spoke ? heardFrom(before, heard.at) : { memory: before }
    const judged = judge(
      device,
      { ...watched.memory, counters: measured.counters },
      named,
      measured.samples,
      heard,
      given.delivery,
    )
    for (const { type, phase } of judged.events) this.#options.log.info({ device: device.id, type, phase }, 'event')
    await this.#store(
      device,
      judged.memory,
      [...judged.events, ...this.#turned(device, watched, heard)],
      measured.samples,
    )
  }

  async silence(device: Device, points: readonly string[], why: Absence, alive: boolean): Promise<void> {
    const at = this.#now()
    const before = this.memoryOf(device)
    const watched = alive ? heardFrom(before, at.at) : { memory: before }
    this.#options.tally.count(`absent-${why}`)
    await this.#store(
      device,
      watched.memory,
      this.#turned(device, watched, at),
      this.#absences(device, points, why, at.at),
    )
  }

  stranger(line: string, sender: string): void {
    this.#options.tally.count('device-unknown')
    const key = `${line} ${sender}`
    if (this.#strangers.has(key) || this.#strangers.size >= strangersMax) return
    this.#strangers.add(key)
    this.#options.log.info({ line, sender }, 'heard a device that is not installed here')
  }

  async refuse(refused: Omit<Quarantined, 'at'>): Promise<void> {
    this.#options.tally.count(refused.code)
    this.#options.log.debug({ source: refused.source, code: refused.code, why: refused.why }, 'refused')
    await this.#options.outbox.append({ quarantined: [{ ...refused, at: this.#options.clock.now() }] })
  }

  /** Nobody can be heard on a line that is down: that is one fault, not one of each device. */
  async suspend(devices: readonly Device[]): Promise<void> {
    const now = this.#options.clock.now()
    for (const device of devices) this.#suspended.add(device.id)
    const samples = devices.flatMap((device) =>
      this.#absences(device, Object.keys(device.profile.measures), 'line-down', now),
    )
    await this.#options.outbox.append({ samples })
  }

  resume(devices: readonly Device[]): void {
    for (const device of devices) this.#suspended.delete(device.id)
  }

  async remember(): Promise<void> {
    const states = Object.fromEntries([...this.#memories].map(([id, memory]) => [keyOf(id), writeMemory(memory)]))
    if (this.#memories.size > 0) await this.#options.outbox.append({ states })
  }

  #supervise(): void {
    const now = this.#options.clock.monotonic()
    const passed = elapsed(this.#tickedAt, now)
    this.#tickedAt = now
    for (const device of this.#options.devices) {
      if (this.#suspended.has(device.id)) continue
      const watched = unheard(this.memoryOf(device), millis(passed), device.profile.supervision.lostAfter)
      if (!watched.turned) {
        this.#memories.set(device.id, watched.memory)
        continue
      }
      const heard = this.#now()
      this.#options.log.warn({ device: device.id, unheardMs: watched.memory.unheardMs }, 'device is silent')
      const samples = this.#absences(device, Object.keys(device.profile.measures), 'device-silent', heard.at)
      this.#inBackground(
        this.#store(device, watched.memory, this.#turned(device, watched, heard), samples),
        'a silent device could not be reported',
      )
    }
  }

  async #store(
    device: Device,
    memory: DeviceMemory,
    events: readonly EventDraft[],
    samples: readonly Measurement[],
  ): Promise<void> {
    const before = this.memoryOf(device)
    this.#memories.set(device.id, memory)
    const changed =
      events.length > 0 ||
      memory.counters !== before.counters ||
      memory.presses !== before.presses ||
      memory.rises !== before.rises
    const { outbox, clock } = this.#options
    const known = Promise.withResolvers<void>()
    if (events.length > 0) this.#storing.set(device.id, known.promise)
    try {
      await outbox.append({
        events,
        samples: this.#sampling.worthKeeping(samples, device.profile.supervision.reportEvery, device.profile.measures),
        ...(changed && { states: { [keyOf(device.id)]: writeMemory(memory) } }),
      })
    } catch (error) {
      // Nothing of it is on the disk, so nothing of it happened: the same press sent again must be a press again.
      this.#memories.set(device.id, {
        ...readMemory(outbox.state(keyOf(device.id)), clock.now()),
        lastHeardAt: memory.lastHeardAt,
      })
      this.#sampling.forget(samples)
      throw error
    } finally {
      if (this.#storing.get(device.id) === known.promise) this.#storing.delete(device.id)
      known.resolve()
    }
  }

  #turned(device: Device, { turned }: Watched, heard: Heard): EventDraft[] {
    if (!turned) return []
    const phase: EventPhase = turned === 'silent' ? 'raised' : 'returned'
    return [
      {
        type: 'device-silent',
        class: classOf('device-silent'),
        phase,
        placement: device.placement,
        device: device.id,
        heard,
      },
    ]
  }

  #absences(device: Device, points: readonly string[], why: Absence, at: Instant): Measurement[] {
    const readings = Object.fromEntries(points.map((point) => [point, absent(why)]))
    return [...measure(device.placement, device.profile.measures, readings, at, {}).samples]
  }

  #now(): Heard {
    return { at: this.#options.clock.now(), mono: this.#options.clock.monotonic() }
  }

  #inBackground(work: Promise<void>, failed: string): void {
    work.catch((error: unknown) => this.#options.log.error({ why: errorMessage(error) }, failed))
  }
}

const keyOf = (device: string): string => `device:${device}`

/** What a person will look at: the bytes themselves, or for messages that were taken apart already, their words. */
function bytesOf(message: object): Uint8Array {
  if ('payload' in message && message.payload instanceof Uint8Array) return message.payload
  if ('data' in message && message.data instanceof Uint8Array) return message.data
  return new TextEncoder().encode(JSON.stringify(message))
}
