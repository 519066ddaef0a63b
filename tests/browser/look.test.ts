import { afterAll, beforeAll, test } from 'vitest'
import type { Browser } from 'playwright-core'
import { aServer, demoPassword, type RunningServer } from '../harness/server.ts'
import { aBrowser, aConsole, desk, phone } from './console.ts'
let server: RunningServer
let browser: Browser
beforeAll(async () => { server = await aServer(); browser = await aBrowser() })
afterAll(async () => { await browser?.close(); await server?.end() })
test('look', async () => {
  await server.cluster.query('delete from shift')
  for (const [id, days, from, to] of [
    ['most', '{1,3,4,5,6,7}', '00:00', '00:00'],
    ['tuesday-early', '{2}', '00:00', '03:00'],
    ['tuesday-late', '{2}', '05:00', '00:00'],
  ])
    await server.cluster.query(
      `insert into shift (id, centre, kind, who_kind, who, seat, days, from_time, to_time, valid_from)
       values ($1, 'demo-centre', 'supervisor', 'person', 'supervisor', null, $2, $3, $4, '2026-01-01')`,
      [id, days, from, to],
    )
  const boss = await server.logIn('supervisor')
  console.log(JSON.stringify((await boss.call('GET', '/escalation/readiness')).body))
  for (const [name, viewport, locale] of [['desk', desk, 'zh-CN'], ['phone', phone, 'en']] as const) {
    const seat = await aConsole(browser, server.url, { viewport, locale })
    await seat.logIn('supervisor', demoPassword)
    await seat.startShift()
    const shot = async (what: string) => seat.page.screenshot({ path: `/tmp/shots/${name}-${what}.png`, fullPage: true })
    await seat.page.locator('[data-staff-part=shifts]').click()
    await seat.page.locator('[data-group]').first().waitFor()
    await shot('shifts')
    console.log(name, await seat.axe(), await seat.page.evaluate('document.documentElement.scrollWidth'))
    await seat.page.locator('[data-action=new-shift]').click()
    await seat.page.locator('[data-field=from]').fill('2200')
    await seat.page.locator('[data-field=to]').fill('6:00')
    await shot('shift')
    await seat.page.locator('[role=dialog] [data-action=save]').click()
    await shot('shift-faults')
    console.log(name, await seat.axe(), await seat.page.evaluate('document.documentElement.scrollWidth'))
    await seat.page.keyboard.press('Escape')
    await shot('unsaved')
    await seat.page.locator('[data-action=discard]').click()
    await seat.page.locator('[data-staff-part=responders]').click()
    await seat.page.locator('[data-responder]').first().waitFor()
    await shot('responders')
    await seat.page.locator('[data-responder] [data-action=edit]').first().click()
    await seat.page.locator('[data-field=hours]').uncheck()
    await seat.page.locator('[data-action=add-way]').click()
    await seat.page.locator('[data-field=zone]').fill('110105')
    await shot('responder')
    console.log(name, await seat.axe(), await seat.page.evaluate('document.documentElement.scrollWidth'), seat.complaints)
    await seat.close()
  }
}, 120_000)
