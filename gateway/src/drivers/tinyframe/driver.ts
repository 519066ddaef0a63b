import { millis, type Timer } from '@anju/contract'
import { FAMILY_DATA_BYTES_MAX, tinyFrameScanner } from '@anju/device-profiles/protocols/tinyframe/framing'
import type { LineDriver } from '../driver.ts'

/** A frame never pauses so long in the middle, a converter's own buffering included. */
const frameGapMax = millis(500)

/** A radar speaks by itself; we only listen. One device a line, since its frames carry no address. */
export const tinyFrameDriver: LineDriver = {
  attach(line, devices, { clock, listener, log }) {
    const [device] = devices
    if (!device) throw new Error('a line driver needs a device')
    const scanner = tinyFrameScanner(FAMILY_DATA_BYTES_MAX)
    let gap: Timer | undefined
    const failed = (error: unknown) => log.error({ error, line: line.id }, 'a frame could not be stored')
    const take = (found: ReturnType<typeof scanner.push>) => {
      for (const scanned of found)
        if (scanned.is === 'frame') {
          const { type, data } = scanned.frame
          const heard = { at: clock.now(), mono: clock.monotonic() }
          listener.hear({ device, driver: 'tinyframe', message: { type, data }, heard }).catch(failed)
        } else
          listener
            .refuse({ source: line.id, code: scanned.code, why: scanned.why, bytes: new Uint8Array() })
            .catch(failed)
    }
    line.onBytes((bytes) => {
      gap?.cancel()
      take(scanner.push(bytes))
      if (scanner.pendingBytes > 0) gap = clock.after(frameGapMax, () => take(scanner.reset()))
    })
    return {
      stop() {
        gap?.cancel()
        return Promise.resolve()
      },
    }
  },
}
