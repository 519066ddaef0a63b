import { errors, type Locator, type Page } from 'playwright-core'

/**
 * Playwright looks for what is not there yet ever more seldom, after a quarter of a second only twice a second: a test that
 * waits for a page forty times slept longer than it worked. The pause between two looks is at most a fifth of the time given, so
 * the same time is given in pieces: it looks twenty times a second, and gives up when it did before.
 */
const pieceMs = 499

const patient = new WeakSet<Locator>()

/** From now on every locator's `waitFor` looks often. @param withinMs how long one waits that is told nothing else */
export function looksOften(page: Page, withinMs: number): void {
  // All locators of a process have one prototype, and Playwright names it nowhere.
  const locators = Object.getPrototypeOf(page.locator('html')) as Locator
  if (patient.has(locators)) return
  patient.add(locators)
  const waitFor = Reflect.get(locators, 'waitFor')
  locators.waitFor = async function (this: Locator, { timeout = withinMs, ...options } = {}) {
    const end = performance.now() + timeout
    for (;;) {
      const leftMs = end - performance.now()
      try {
        return await waitFor.call(this, { ...options, timeout: Math.max(1, Math.min(pieceMs, leftMs)) })
      } catch (error) {
        if (!(error instanceof errors.TimeoutError)) throw error
        if (leftMs <= pieceMs) throw new Error(`waited ${timeout} ms: ${error.message}`, { cause: error })
      }
    }
  }
}
