import type { Purpose } from './notification.ts'

/** What a push carries to the service worker: enough to show, nothing that a lock screen may not. */
export interface PushMessage {
  readonly id: string
  readonly purpose: Purpose
  readonly urgent: boolean
  readonly language: 'zh-CN' | 'en'
  readonly title: string
  readonly body: string
  /** The notification's own tag: one of the same alarm takes the place of the one before. Null shows beside the others. */
  readonly tag: string | null
  /** What a touch opens. */
  readonly url: string | null
}
