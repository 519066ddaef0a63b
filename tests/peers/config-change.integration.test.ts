import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import { expect, test, vi } from 'vitest'
import { startGateway } from '../../gateway/src/app.ts'
import { silentLog } from '../../gateway/src/silent-log.ts'
import { aTestCentre } from '../../gateway/src/testing/centre.ts'
import { aTestGateway } from '../../gateway/src/testing/gateway.ts'

test('a gateway that starts with another centre and without the button that was pressed still delivers the press', async () => {
  const [old, next] = [await aTestCentre('gw-test'), await aTestCentre('gw-test')]
  old.closed = true
  const gateway = await aTestGateway(old.url)
  try {
    const device = await gateway.device()
    await gateway.press(device)
    await vi.waitFor(() => expect(gateway.running.status().queue.life).toBe(1))
    await gateway.running.stop()
    const changed = { ...gateway.config, uplink: { ...gateway.config.uplink, url: next.url }, devices: [] }
    gateway.running = await startGateway(changed, { clock: systemClock, random: systemRandom, log: silentLog })
    await vi.waitFor(() => expect(next.events).toHaveLength(1), { timeout: 20_000 })
    expect(next.events[0]).toMatchObject({
      type: 'anju.sos-pressed',
      subject: 'bathroom-sos',
      data: { boot: 1, seq: 1 },
    })
    await vi.waitFor(() => expect(gateway.running.status().queue.life).toBe(0))
  } finally {
    await gateway.stop()
    await next.stop()
    await old.stop()
  }
})
