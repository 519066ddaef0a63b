import type { Alarm } from '@anju/contract/api'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { demoPassword, type ServerOptions } from '../harness/server.ts'
import { aSystem, type System } from '../harness/system.ts'
import { until } from '../harness/wait.ts'
import { findChromium } from '../prepare-machine.ts'
import { aBrowser, aConsole, type Console, type ConsoleOptions, needsChromium } from './console.ts'

/** A home and its centre, whole and real, and a browser before it; each test of the file begins with an empty queue. */
export function atARealCentre(server: ServerOptions = {}) {
  let system: System
  let browser: Browser
  const pages: Console[] = []

  const openAlarms = async (): Promise<Alarm[]> =>
    (await system.operator.call<{ items: Alarm[] }>('GET', '/alarms')).body.items.filter(
      ({ type }) => type === 'sos-pressed',
    )

  beforeAll(async () => {
    if (findChromium() === undefined) return
    system = await aSystem({ server })
    browser = await aBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await system?.stop()
  })
  beforeEach(async (context) => {
    needsChromium(context)
    for (const page of pages.splice(0)) await page.close()
    const supervisor = await system.server.logIn('supervisor')
    for (const { id } of await openAlarms()) {
      const taken = await supervisor.call<{ lease: { token: string } }>('POST', `/alarms/${id}/takeover`, {
        reason: 'the next test begins with an empty queue',
      })
      await supervisor.call('POST', `/alarms/${id}/close`, {
        lease: taken.body.lease.token,
        disposition: { code: 'test', cause: 'installer', outcome: 'no-help-needed' },
      })
    }
  })

  /** A page in a browser of its own, before anybody has logged in. */
  async function aPage(options: ConsoleOptions = {}): Promise<Console> {
    const page = await aConsole(browser, system.server.url, options)
    pages.push(page)
    return page
  }

  /** The same, logged in, with its shift begun. */
  async function aSeat(username = 'operator', options: ConsoleOptions = {}): Promise<Console> {
    const seat = await aPage(options)
    await seat.logIn(username, demoPassword)
    await seat.startShift()
    await seat.page.locator('[data-link=live]').first().waitFor()
    return seat
  }

  return {
    get system() {
      return system
    },
    aPage,
    aSeat,
    press: () => system.gateway.press(system.device),
    /** The open press, as the centre has it. */
    theAlarm: (): Promise<Alarm> =>
      until('the press at the centre', async () => (await openAlarms())[0], { withinMs: 5_000 }),
  }
}
