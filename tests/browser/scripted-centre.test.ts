import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { slowness, until } from '../harness/wait.ts'
import { findChromium } from '../prepare-machine.ts'
import { aBrowser, aConsole, type Console, type ConsoleOptions, desk, needsChromium } from './console.ts'
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

  test('a line that falls silent is LINK LOST within 15 s; the queue stays, read-only; nothing is missed after', async () => {
    const seat = await aSeat()
    const before = centre.raise()
    await seat.row(before.id).locator('button').click()
    await seat.page.locator('[data-action=claim]:enabled').waitFor()
    const silentFrom = performance.now()
    centre.fallSilent()
    const meanwhile = centre.raise({ type: 'fall-detected' })
    await seat.page.locator('[data-banner=link-lost]').waitFor({ timeout: 16_000 * slowness })
    expect(performance.now() - silentFrom).toBeLessThan(15_000 * slowness)
    expect(await seat.page.locator('[data-action=claim]').isDisabled()).toBe(true)
    const asked = centre.asked.length
    await seat.press('Enter')
    expect(centre.asked.slice(asked).filter((request) => request.endsWith('/claim'))).toEqual([])
    await seat.row(before.id).waitFor()
    centre.speakAgain()
    await seat.page.locator('[data-banner=link-lost]').waitFor({ state: 'detached', timeout: 15_000 * slowness })
    await until(
      'the next item',
      async () => {
        centre.change(before.id, {}, 're-alerted')
        return (await seat.row(meanwhile.id).count()) === 1
      },
      { withinMs: 5_000, everyMs: 200 },
    )
    expect(await seat.row(before.id).count()).toBe(1)
  })

  test('says when the store is degraded, and when it is well again', async () => {
    const seat = await aSeat()
    centre.status('degraded')
    await seat.page.locator('[data-banner=store-degraded]').waitFor()
    centre.status('ok')
    await seat.page.locator('[data-banner=store-degraded]').waitFor({ state: 'detached' })
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
    await seat.page.reload()
    const { id } = centre.raise()
    await seat.row(id).waitFor()
    await seat.page.locator('[data-banner=no-sound][data-bad=true]').waitFor()
    expect(await seat.page.locator('[data-sounding]').count()).toBe(0)
    await expect.poll(() => seat.page.title(), { timeout: 5_000 }).toContain('没有声音')
    await seat.page.locator('h1').click()
    await seat.page.locator(`[data-sounding="${id}"]`).waitFor()
    await seat.page.locator('[data-banner=no-sound]').waitFor({ state: 'detached' })
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
})

describe('hands', () => {
  test('an Enter that ends a pinyin word neither saves nor fires a key', async () => {
    const seat = await aSeat()
    const { id } = centre.raise()
    await seat.row(id).locator('button').press('Enter')
    await seat.incident().locator('#note').focus()
    const ime = await seat.page.context().newCDPSession(seat.page)
    await ime.send('Input.imeSetComposition', { text: 'wang', selectionStart: 4, selectionEnd: 4 })
    await seat.page.locator('#note').evaluate(
      `(note) => {
      for (const key of ['Enter', 'x'])
        note.dispatchEvent(new KeyboardEvent('keydown', { key, isComposing: true, keyCode: 229, bubbles: true, cancelable: true }))
    }` as never,
    )
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
    await seat.page.locator('[data-action=confirm-close]').click()
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
    const order = () =>
      seat.page
        .locator('[data-alarm-id]')
        .evaluateAll<string[]>('(rows) => rows.map((row) => row.dataset.alarmId)' as never)
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
    const { id } = centre.raise({ late: true, lateByS: 11_000, abandoned: true, stuck: true, occurrences: 21 })
    await seat.row(id).locator('button').click()
    await seat.page.locator('[data-action=claim]').click()
    await seat.page.locator('[data-action=close]').waitFor()
    expect(await seat.page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
  })
})

test('a flood of 1,000 alarms: keys answer within 100 ms, and every press stands above the technical ones', async () => {
  const seat = await aSeat({ viewport: desk })
  await seat.page.evaluate(`(() => {
    window.latencies = []
    document.addEventListener('keydown', () => {
      const from = performance.now()
      requestAnimationFrame(() => setTimeout(() => window.latencies.push(performance.now() - from)))
    }, { capture: true })
  })()`)
  const presses: string[] = []
  for (let n = 0; n < 1_000; n++) {
    const life = n % 50 === 25
    const { id } = centre.raise(life ? {} : { class: 'technical', type: 'mains-lost' })
    if (life) presses.push(id)
    if (n % 10 === 0) await seat.press(n % 20 === 0 ? 'j' : 'k')
  }
  await expect.poll(() => seat.page.locator('[data-alarm-id]').count(), { timeout: 20_000 }).toBe(1_000)
  const shown = await seat.page
    .locator('[data-alarm-id]')
    .evaluateAll<string[]>('(rows) => rows.map((row) => row.dataset.alarmId)' as never)
  expect(shown.slice(0, presses.length)).toEqual(presses)
  const latencies = (await seat.page.evaluate<number[]>('window.latencies')).toSorted((a, b) => a - b)
  expect(latencies.length).toBeGreaterThan(90)
  expect(latencies[Math.floor(latencies.length * 0.95)]).toBeLessThan(100 * slowness)
})
