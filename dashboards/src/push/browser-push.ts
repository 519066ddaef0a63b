import type { SubscriptionBody } from '@anju/contract/api'
// oxlint-disable-next-line import/default -- the address is Vite's; the module itself has none to give
import workerUrl from './push-worker.ts?worker&url'

/** The browser's side of push: a permission, a worker that outlives the page, and an address at a push service. */

export const isSupported = (): boolean =>
  'serviceWorker' in navigator && 'PushManager' in globalThis && 'Notification' in globalThis

export const permission = (): NotificationPermission => Notification.permission
/** Call it from a click: a browser asks nobody who has touched nothing. */
export const askPermission = (): Promise<NotificationPermission> => Notification.requestPermission()

/** This browser's subscription for the server's key; one for another key is void. */
export async function subscription(publicKey: string): Promise<PushSubscription | null> {
  const registration = await navigator.serviceWorker.getRegistration('/')
  const found = await registration?.pushManager.getSubscription()
  if (!found) return null
  const key = found.options?.applicationServerKey
  if (!key || textOf(key) === publicKey) return found
  await found.unsubscribe()
  return null
}

export async function subscribe(publicKey: string): Promise<PushSubscription> {
  await navigator.serviceWorker.register(workerUrl, { scope: '/' })
  const registration = await navigator.serviceWorker.ready
  return registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: publicKey })
}

/** As the server takes it: what else a browser says of it is nobody's business. */
export function bodyOf(given: PushSubscription): SubscriptionBody {
  const { endpoint = '', keys } = given.toJSON()
  return { endpoint, keys: { p256dh: keys?.['p256dh'] ?? '', auth: keys?.['auth'] ?? '' } }
}

const textOf = (key: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(key)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')
