import { type Millis, millis, seconds, type Timer } from '@anju/contract'
import { decodeWith } from '@anju/device-profiles/decode-with'
import { FrameScanner, type Scanned } from '@anju/device-profiles/frame-scanner'
import type { HeardWire } from '@anju/device-profiles/wire'
import { wireOf } from '@anju/device-profiles/wires'
import type { Device, DeviceMessage } from '../../ports.ts'
import type { Line } from '../../serial-line/line.ts'
import { type LineDriver, messageFrom } from '../driver.ts'

/**
 * Devices that speak by themselves: one on its line, or many behind one receiver, told apart by the sender in each frame.
 * Of the line it is given only the ear: what cannot be called cannot be sent.
 */
export const lineListener: LineDriver = {
  quietMaxOf: (devices) => listenerQuietMaxOf(devices),
  attach(line: Pick<Line, 'id' | 'onBytes' | 'understood'>, devices, { clock, listener, log }) {
    const wire = heardWireOf(devices)
    const scanner = new FrameScanner(wire.framing)
    const byAddress = new Map(devices.map((device) => [device.address, device]))
    let gap: Timer | undefined
    const again = new Set<Timer>()
    const failed = (error: unknown) => log.error({ error, line: line.id }, 'a frame could not be stored')

    /** Nobody says a fall again because our disk was full: it is tried until it is taken, or too much waits. */
    function hear(message: DeviceMessage, tries = 1): void {
      listener.hear(message).catch((error: unknown) => {
        if (tries === 1) failed(error)
        if (tries >= triesMax || again.size >= waitingMax) return
        const timer = clock.after(againAfter, () => {
          again.delete(timer)
          hear(message, tries + 1)
        })
        again.add(timer)
      })
    }
    function refuse(code: string, why: string): void {
      listener.refuse({ source: line.id, code, why, bytes: new Uint8Array() }).catch(failed)
    }
    function take(found: readonly Scanned<unknown>[]): void {
      for (const scanned of found) {
        if (scanned.is === 'refused') {
          refuse(scanned.code, scanned.why)
          continue
        }
        line.understood()
        const heard = { at: clock.now(), mono: clock.monotonic() }
        const read = decodeWith(
          (frame) => ({ message: wire.messageOf(frame), sender: wire.senderOf?.(frame) }),
          scanned.frame,
        )
        if (!read.ok) {
          refuse(read.error.code, read.error.message)
          continue
        }
        const { message, sender } = read.value
        if (message === undefined) continue
        // Behind a receiver a frame without a sender is nobody's, not the first one's.
        const device = wire.senderOf ? byAddress.get(sender) : devices[0]
        if (device) hear(messageFrom(device, message, heard))
        // A neighbour's button is on the air too.
        else listener.stranger(line.id, sender ?? '')
      }
    }
    line.onBytes((bytes) => {
      gap?.cancel()
      take(scanner.push(bytes))
      if (scanner.pendingBytes > 0) gap = clock.after(wire.gapMax, () => take(scanner.reset()))
    })
    return {
      stop() {
        gap?.cancel()
        for (const timer of again) timer.cancel()
        return Promise.resolve()
      },
    }
  },
}

/** What a full disk did not take is tried again so often, for so long, and no more than so much of it. */
const againAfter = seconds(1)
const triesMax = 600
const waitingMax = 256

/** A radar repeats itself every second; a converter that is open and mute for a minute hangs. */
const quietMin = seconds(60)

/**
 * How long a line may be mute before it is suspect: half of what its most talkative device may be silent. A receiver of
 * buttons is mute for hours, and must not be closed and opened under a press.
 */
export const listenerQuietMaxOf = (devices: readonly Device[]): Millis =>
  millis(Math.max(quietMin, Math.min(...devices.map(({ profile }) => profile.supervision.lostAfter)) / 2))

function heardWireOf(devices: readonly Device[]): HeardWire {
  const wire = wireOf(devices[0]?.profile.driver ?? '')
  if (wire?.is !== 'heard') throw new Error('a listener is for devices that speak by themselves')
  return wire
}
