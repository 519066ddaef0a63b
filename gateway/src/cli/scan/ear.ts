import { decodeWith } from '@anju/device-profiles/decode-with'
import { FrameScanner } from '@anju/device-profiles/frame-scanner'
import { looksLike698 } from '@anju/device-profiles/protocols/dlt645/framing'
import type { HeardWire, Wire } from '@anju/device-profiles/wire'
import { type WireName, wires } from '@anju/device-profiles/wires'
import { deviceIn, type PolledName, searches } from './questions.ts'

/** A device that gave itself away, and what it said. */
export interface Sighting {
  readonly name: WireName
  /** Undefined where a line has one device and no addresses. */
  readonly address?: string
  readonly frame: unknown
  /** What its profile would be given, as it came. */
  readonly messages: readonly unknown[]
}

const sendersMax = 64
const messagesMax = 8
const keptBytesMax = 4_096
/** Any framing finds frames in enough noise, and some have no check: what is real covers most of what came. */
export const coverageMin = 0.5

/** Hears a line with all framings at once, and holds little of it. */
export class Ear {
  readonly #talkers: readonly Talker[]
  readonly #masters: readonly Overheard[]
  readonly #usual: readonly WireName[]
  bytesHeard = 0
  #kept: Uint8Array = new Uint8Array()

  /** `usual`: what the line is set for. A telegram of one protocol may also pass for one of another. */
  constructor(usual: readonly WireName[]) {
    this.#usual = usual
    const all = Object.entries<Wire>(wires) as [WireName, Wire][]
    this.#talkers = all.flatMap(([name, wire]) => (wire.is === 'heard' ? [new Talker(name, wire)] : []))
    this.#masters = (Object.keys(searches) as PolledName[]).map((name) => new Overheard(name, wires[name]))
  }

  hear(bytes: Uint8Array): void {
    this.bytesHeard += bytes.byteLength
    this.#kept = Buffer.concat([this.#kept, bytes]).subarray(-keptBytesMax)
    for (const ear of [...this.#talkers, ...this.#masters]) ear.push(bytes)
  }

  /** The line has been quiet: what began and did not end is none. */
  quiet(): void {
    for (const ear of [...this.#talkers, ...this.#masters]) ear.reset()
  }

  /** Devices that speak by themselves. A line carries one such protocol, so the one that explains most of what came. */
  talking(): readonly Sighting[] {
    const [best] = this.#talkers
      .filter(({ found, coverage }) => found.size > 0 && coverage >= coverageMin)
      .toSorted((a, b) => this.#isUsual(b) - this.#isUsual(a) || b.coverage - a.coverage || b.found.size - a.found.size)
    return best ? [...best.found.values()] : []
  }

  #isUsual({ name }: Talker): number {
    return Number(this.#usual.includes(name))
  }

  /** Nobody was asked, and yet these speak in a protocol in which devices are asked: somebody else asks here. */
  overheard(): readonly Sighting[] {
    if (this.talking().length > 0) return []
    return this.#masters.flatMap(({ found, coverage }) => (coverage >= coverageMin ? [...found.values()] : []))
  }

  get looksLike698(): boolean {
    return looksLike698(this.#kept)
  }
}

abstract class ScannerOf<W extends Wire> {
  readonly found = new Map<string, Sighting>()
  readonly name: WireName
  protected readonly wire: W
  readonly #scanner: FrameScanner<unknown>
  #bytes = 0

  constructor(name: WireName, wire: W) {
    this.name = name
    this.wire = wire
    this.#scanner = new FrameScanner(wire.framing)
  }

  /** Of the bytes that came, the part that stood in frames. */
  get coverage(): number {
    const { pendingBytes, noiseBytes } = this.#scanner
    return this.#bytes === 0 ? 0 : (this.#bytes - pendingBytes - noiseBytes) / this.#bytes
  }

  push(bytes: Uint8Array): void {
    this.#bytes += bytes.byteLength
    this.#take(this.#scanner.push(bytes))
  }

  reset(): void {
    this.#take(this.#scanner.reset())
  }

  #take(scanned: ReturnType<FrameScanner<unknown>['push']>): void {
    for (const one of scanned) if (one.is === 'frame') decodeWith((frame) => this.onFrame(frame), one.frame)
  }

  protected abstract onFrame(frame: unknown): void

  protected keep(sighting: Omit<Sighting, 'name' | 'messages'>, message: unknown): void {
    const key = sighting.address ?? ''
    const before = this.found.get(key)
    if (!before && this.found.size >= sendersMax) return
    const messages = message === undefined ? (before?.messages ?? []) : [...(before?.messages ?? []), message]
    this.found.set(key, { name: this.name, ...(before ?? sighting), messages: messages.slice(-messagesMax) })
  }
}

class Talker extends ScannerOf<HeardWire> {
  protected onFrame(frame: unknown): void {
    const message = this.wire.messageOf(frame)
    if (message === undefined) return
    const address = this.wire.senderOf?.(frame)
    this.keep({ frame, ...(address !== undefined && { address }) }, message)
  }
}

class Overheard extends ScannerOf<Wire> {
  protected onFrame(frame: unknown): void {
    const device = deviceIn(this.wire, searches[this.name as PolledName], frame)
    if (device) this.keep({ frame, ...device }, this.wire.messageOf(frame))
  }
}
