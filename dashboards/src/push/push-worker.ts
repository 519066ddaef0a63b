import { noticeOf } from './push-notice.ts'

/**
 * What a page leaves behind in a browser that may be closed: it shows what the centre sends, tells the centre that it was
 * shown, and opens the question when somebody touches it. Nothing is kept and nothing is served from here.
 */

/** As far as it is used here: a page's own library has no words for a worker's. */
interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void
}
interface Pushed extends Lasting {
  readonly data: { text(): string } | null
}
interface Touched extends Lasting {
  readonly notification: Notification
}
interface OpenPage {
  readonly url: string
  focus(): Promise<unknown>
}
const scope = globalThis as unknown as {
  readonly registration: { showNotification(title: string, options: object): Promise<void> }
  readonly clients: {
    claim(): Promise<void>
    matchAll(which: { type: 'window'; includeUncontrolled: boolean }): Promise<readonly OpenPage[]>
    openWindow(path: string): Promise<unknown>
  }
  skipWaiting(): Promise<void>
  addEventListener(type: 'install' | 'activate', listener: (event: Lasting) => void): void
  addEventListener(type: 'push', listener: (event: Pushed) => void): void
  addEventListener(type: 'notificationclick', listener: (event: Touched) => void): void
}

// A newer worker takes over at once: there is no old page's work that it could disturb.
scope.addEventListener('install', (event) => event.waitUntil(scope.skipWaiting()))
scope.addEventListener('activate', (event) => event.waitUntil(scope.clients.claim()))
scope.addEventListener('push', (event) => event.waitUntil(show(event.data?.text() ?? '')))
scope.addEventListener('notificationclick', (event) => {
  event.notification.close()
  const { path } = event.notification.data as { readonly path: string }
  event.waitUntil(open(path))
})

async function show(text: string): Promise<void> {
  const { title, options, secret } = noticeOf(text)
  await scope.registration.showNotification(title, options)
  // That it was shown is worth no more than one try: the question itself is asked again on another way if nobody answers.
  if (secret !== null) await fetch(`/api/v1/answers/${secret}/shown`, { method: 'POST' }).catch(() => undefined)
}

async function open(path: string): Promise<unknown> {
  const pages = await scope.clients.matchAll({ type: 'window', includeUncontrolled: true })
  const there = pages.find(({ url }) => new URL(url).pathname === path)
  return there ? there.focus() : scope.clients.openWindow(path)
}
