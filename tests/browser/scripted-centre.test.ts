import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { dayTime } from '../../dashboards/src/time/format.ts'
import { slowness } from '../harness/wait.ts'
import { findChromium } from '../prepare-machine.ts'
import { aBrowser, aConsole, type Console, type ConsoleOptions, needsChromium } from './console.ts'
import { saturatedShare } from './pixels.ts'
import { aScriptedCentre, type ScriptedCentre } from './scripted-centre.ts'

let browser: Browser
let centre: ScriptedCentre
let seats: Console[] = []

beforeAll(async () => {
  if (findChromium() !== undefined) browser = await aBrowser()
})
afterAll(async () => browser?.close())
beforeEach(async (context) => {
  needsChromium(context)
  centre = await aScriptedCentre()
})
afterEach(async () => {
  for (const seat of seats) await seat.close()
  seats = []
  await centre?.stop()
})

async function aSeat(options: ConsoleOptions = {}): Promise<Console> {
  const seat = await aConsole(browser, centre.url, options)
  seats.push(seat)
  await seat.logIn('operator', 'whatever')
  await seat.startShift()
  await seat.page.locator('[data-link=live]').first().waitFor()
  return seat
}
/**
 * What a desk's browser does by itself: no sound before a person's touch. Under automation every script counts as a
 * person's, so the page is given an AudioContext that waits for a real pointer.
 */
const silentUntilTouched = `
  let touched = false
  addEventListener('pointerdown', () => { touched = true }, { capture: true })
  globalThis.AudioContext = class extends AudioContext {
    get state() { return touched ? super.state : 'suspended' }
    resume() { return touched ? super.resume() : new Promise(() => {}) }
  }
`
const notesSaved = () => centre.asked.filter((request) => request.endsWith('/note')).length

describe('the live stream', () => {
  test('an item lost on the way is found by the next one, which names a predecessor nobody saw', async () => {
    const seat = await aSeat()
    const lost = centre.raiseUnsaid()
    const next = centre.raise({ class: 'technical', type: 'battery-low' })
    await seat.row(next.id).waitFor()
    await seat.row(lost.id).waitFor()
    expect(await seat.page.locator(`[data-sounding="${lost.id}"]`).count()).toBe(1)
  })

  test('what could not be told as shown is told again each second, not without end, until it is heard', async () => {
    const seat = await aSeat()
    const refused: number[] = []
    await seat.page.route('**/shown', async (route) => {
      refused.push(performance.now())
      await route.abort()
    })
    const { id } = centre.raise()
    await expect.poll(() => refused.length, { timeout: 10_000 * slowness }).toBeGreaterThanOrEqual(9)
    // A command without an answer is sent twice at once: the ninth is the fifth time that it was tried.
    expect((refused[8] ?? 0) - (refused[0] ?? 0)).toBeGreaterThan(2_000)
    await seat.page.unroute('**/shown')
    await expect.poll(() => centre.asked, { timeout: 5_000 * slowness }).toContain(`POST /alarms/${id}/shown`)
  })

  test('says when the store is degraded, and when it is well again', async () => {
    const seat = await aSeat()
    centre.status('degraded')
    await seat.page.locator('[data-banner=store-degraded]').waitFor()
    centre.status('ok')
    await expect.poll(() => seat.page.locator('[data-banner=store-degraded]').count()).toBe(0)
  })
})

describe('sound', () => {
  test('before the gate the queue is seen and cannot be worked', async () => {
    const seat = await aConsole(browser, centre.url)
    seats.push(seat)
    await seat.logIn('operator', 'whatever')
    const { id } = centre.raise()
    await seat.row(id).locator('button').press('Enter')
    await seat.page.locator('[data-banner=no-sound]').waitFor()
    await seat.page.locator('[data-gate=shift]').waitFor()
    expect(centre.asked.filter((request) => request.endsWith('/claim'))).toEqual([])
    await seat.startShift()
    await seat.page.locator('[data-action=claim]').waitFor()
  })

  test('a page that may not sound says so, flashes its title, claims no sounding, and sounds after one touch', async () => {
    const seat = await aSeat()
    // A second tab of the same session, which nobody has touched yet.
    const page = await seat.page.context().newPage()
    await page.addInitScript(silentUntilTouched)
    await page.goto(centre.url)
    const { id } = centre.raise()
    await page.locator(`[data-alarm-id="${id}"]`).waitFor()
    await page.locator('[data-banner=no-sound][data-bad=true]').waitFor()
    expect(await page.locator('[data-sounding]').count()).toBe(0)
    await expect.poll(() => page.title(), { timeout: 5_000 }).toContain('没有声音')
    await page.locator('h1').click()
    await page.locator(`[data-sounding="${id}"]`).waitFor()
    expect(await page.locator('[data-banner=no-sound][data-bad=true]').count()).toBe(0)
  })

  test('silence is of one alarm, never of the next', async () => {
    const seat = await aSeat()
    const one = centre.raise()
    await seat.page.locator(`[data-sounding="${one.id}"]`).waitFor()
    await seat.press('m')
    await seat.page.locator(`[data-sounding="${one.id}"]`).waitFor({ state: 'detached' })
    const two = centre.raise({ class: 'hazard', type: 'smoke' })
    await seat.page.locator(`[data-sounding="${two.id}"]`).waitFor()
    expect(await seat.page.locator('[data-sounding]').count()).toBe(1)
    centre.change(one.id, { occurrences: 2 })
    await seat.page.locator(`[data-sounding="${one.id}"]`).waitFor()
  })

  test('a press of three hours ago does not ring at who took the alarm since: it is shown, with when it was and how late', async () => {
    const seat = await aSeat({ locale: 'en' })
    const { id } = centre.raise()
    await seat.page.locator(`[data-sounding="${id}"]`).waitFor()
    await seat.row(id).locator('button').press('Enter')
    await seat.page.locator('[data-action=close]').waitFor()
    await seat.page.locator('[data-sounding]').waitFor({ state: 'detached' })
    const heardAt = new Date(Date.now() - 3 * 3_600_000).toISOString()
    const lateAgain = { times: 1, quiet: 1, heardAt, lateByS: 3 * 3_600 }
    centre.change(id, { occurrences: 2, lateAgain })
    await expect.poll(() => seat.row(id).innerText()).toContain('again, late 03:00:00')
    expect(await seat.page.locator('[data-sounding]').count()).toBe(0)
    const entry = seat.page.locator('[data-kind=occurrence] [data-late]')
    await expect.poll(() => entry.innerText()).toContain(`heard ${dayTime(heardAt, 'Asia/Shanghai')}, late 03:00:00`)
    expect(await seat.axe()).toEqual([])
    // One of this moment rings, as ever.
    centre.change(id, { occurrences: 3, lateAgain }, 're-alerted')
    await seat.page.locator(`[data-sounding="${id}"]`).waitFor()
  })
})

describe('hands', () => {
  test('an Enter that ends a pinyin word neither saves nor fires a key', async () => {
    const seat = await aSeat()
    const { id } = centre.raise()
    await seat.row(id).locator('button').press('Enter')
    await seat.incident().locator('#note').focus()
    const ime = await seat.page.context().newCDPSession(seat.page)
    await ime.send('Input.imeSetComposition', { text: 'wang', selectionStart: 4, selectionEnd: 4 })
    for (const key of ['Enter', 'x'])
      await seat.page
        .locator('#note')
        .dispatchEvent('keydown', { key, isComposing: true, keyCode: 229, bubbles: true, cancelable: true })
    await ime.send('Input.insertText', { text: '王秀梅' })
    expect(await seat.page.locator('#note').inputValue()).toBe('王秀梅')
    expect(notesSaved()).toBe(0)
    expect(await seat.page.locator('[data-dialog]').count()).toBe(0)
    await seat.press('Enter')
    await expect.poll(notesSaved).toBe(1)
    await expect.poll(() => seat.page.locator('#note').inputValue()).toBe('')
  })

  test('single keys can be turned off, and the page remembers', async () => {
    const seat = await aSeat()
    const { id } = centre.raise()
    await seat.row(id).locator('button').press('Enter')
    await seat.page.locator('[data-action=close]').waitFor()
    await seat.press('?')
    await seat.page.locator('input[name=single-keys]').uncheck()
    await seat.press('Escape', 'x')
    expect(await seat.page.locator('[data-dialog]').count()).toBe(0)
    await seat.page.reload()
    await seat.row(id).locator('button').click()
    await seat.page.locator('[data-action=close]').waitFor()
    await seat.press('x')
    expect(await seat.page.locator('[data-choice=code]').count()).toBe(0)
  })

  test('closing without all three answers is refused in place; parking wants a reason', async () => {
    const seat = await aSeat()
    const { id } = centre.raise()
    await seat.row(id).locator('button').press('Enter')
    await seat.page.locator('[data-action=close]').waitFor()
    await seat.press('x', '1', '2')
    await seat.page.locator('[data-action=confirm-close]').click({ force: true })
    expect(centre.asked.filter((request) => request.endsWith('/close'))).toEqual([])
    await seat.press('Escape', 'p')
    await seat.page.locator('[data-dialog=park] input').first().waitFor()
    await seat.press('Enter')
    expect(centre.asked.filter((request) => request.endsWith('/park'))).toEqual([])
    await seat.page.locator('[data-dialog=park] input').first().fill('等女儿回电')
    await seat.press('Enter')
    await seat.page.locator(`[data-alarm-id="${id}"][data-handling=parked]`).waitFor()
  })

  test('rows do not move under a resting pointer, and a new life alarm is pinned on top', async () => {
    const seat = await aSeat()
    const first = centre.raise({ class: 'hazard', type: 'smoke' })
    const second = centre.raise({ class: 'hazard', type: 'gas-leak' })
    await seat.row(second.id).hover()
    const third = centre.raise({ class: 'hazard', type: 'water-leak' })
    await seat.row(third.id).waitFor()
    const order = () => seat.rows()
    expect(await order()).toEqual([third.id, first.id, second.id])
    await seat.page.mouse.move(900, 500)
    await expect.poll(order).toEqual([first.id, second.id, third.id])
  })
})

describe('the look', () => {
  test('is grey when quiet: less than one pixel in a hundred has a colour', async () => {
    const seat = await aSeat()
    expect(await saturatedShare(seat.page)).toBeLessThan(0.01)
    const { id } = centre.raise()
    await seat.row(id).locator('button').press('Enter')
    await seat.page.locator('[data-action=close]').waitFor()
    // The measure sees red where there is some.
    expect(await saturatedShare(seat.page)).toBeGreaterThan(0.001)
  })

  test('says who it is in the order of reading: how to address them, what they hear, alone, risk before illnesses', async () => {
    const seat = await aSeat()
    const { id } = centre.raise()
    await seat.row(id).locator('button').click()
    const person = seat.page.locator('[data-incident] section').filter({ has: seat.page.locator('[data-risk=high]') })
    await person.waitFor()
    const text = ((await person.textContent()) ?? '').replaceAll(/\s+/g, '')
    const order = [
      '王秀梅',
      '82',
      '称呼“王老师”',
      '四川话',
      '听力：左耳较弱',
      '独居',
      '西门进',
      '高风险',
      '高龄',
      '慢阻肺',
    ]
    expect(order.filter((word) => !text.includes(word))).toEqual([])
    const places = order.map((word) => text.indexOf(word))
    expect(places).toEqual(places.toSorted((a, b) => a - b))
  })

  test('says when it was by the centre’s own clock: the gateway’s may say 1970', async () => {
    const seat = await aSeat()
    const { id, receivedAt } = centre.raise({ firstAt: '1970-01-02T00:02:00.000Z', lateByS: 30 })
    await seat.row(id).locator('button').click()
    const head = seat.page.locator('[data-incident] header')
    const at = dayTime(Date.parse(receivedAt) - 30_000, 'Asia/Shanghai')
    await expect.poll(() => head.textContent()).toContain(at)
  })

  test('changes language at once, without a reload, and remembers', async () => {
    const seat = await aSeat()
    centre.raise()
    await seat.page.evaluate('window.stayed = true')
    await seat.page.locator('[data-locale=en]').click()
    await expect.poll(() => seat.page.locator('[data-alarm-id]').innerText()).toContain('SOS button')
    expect(await seat.page.evaluate('window.stayed && document.documentElement.lang')).toBe('en')
    await seat.page.reload()
    await expect.poll(() => seat.page.locator('[data-alarm-id]').innerText()).toContain('SOS button')
  })

  test.for([320, 390, 720])('fits %i px: nothing is cut off sideways', async (width) => {
    const seat = await aSeat({ viewport: { width, height: 800 } })
    const lateAgain = { times: 20, quiet: 0, heardAt: new Date().toISOString(), lateByS: 10_900 }
    const late = { late: true, lateByS: 11_000, lateAgain }
    const { id } = centre.raise({ ...late, abandoned: true, stuck: true, occurrences: 21 })
    await seat.row(id).locator('button').click()
    await seat.page.locator('[data-action=claim]').click()
    await seat.page.locator('[data-action=close]').waitFor()
    expect(await seat.page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
  })
})
