import type { Timer } from '@anju/contract'
import { FrameScanner, type Scanned } from '@anju/device-profiles/frame-scanner'
import type { HeardWire } from '@anju/device-profiles/wire'
import { wireOf } from '@anju/device-profiles/wires'
import type { Device } from '../../ports.ts'
import { type LineDriver, messageFrom } from '../driver.ts'

/** Devices that speak by themselves: one on its line, or many behind one receiver, told apart by the sender in each frame. */
export const lineListener: LineDriver = {
  attach(line, devices, { clock, listener, log }) {
    const wire = heardWireOf(devices)
    const scanner = new FrameScanner(wire.framing)
    const byAddress = new Map(devices.map((device) => [device.address, device]))
    let gap: Timer | undefined
    const failed = (error: unknown) => log.error({ error, line: line.id }, 'a frame could not be stored')

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
        const message = wire.messageOf(scanned.frame)
        if (message === undefined) continue
        const sender = wire.senderOf?.(scanned.frame)
        const device = sender === undefined ? devices[0] : byAddress.get(sender)
        if (device) listener.hear(messageFrom(device, message, heard)).catch(failed)
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
        return Promise.resolve()
      },
    }
  },
}

function heardWireOf(devices: readonly Device[]): HeardWire {
  const wire = wireOf(devices[0]?.profile.driver ?? '')
  if (wire?.is !== 'heard') throw new Error('a listener is for devices that speak by themselves')
  return wire
}
