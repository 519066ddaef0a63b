import type { PushMessage } from '@anju/contract/push-message'

/** What the worker shows, and where a touch leads. */
export interface Notice {
  readonly title: string
  readonly options: {
    readonly body: string
    readonly lang: string
    readonly icon: string
    readonly tag?: string
    /** One that takes another's place would else do so without a sound. */
    readonly renotify?: boolean
    /** Stays until somebody looks: it is a question. */
    readonly requireInteraction: boolean
    readonly data: { readonly path: string }
  }
  /** Of the answer link: with it the centre is told that this was shown. */
  readonly secret: string | null
}

/** A browser takes the right to be woken from whoever shows nothing: what cannot be read is still shown, in both languages. */
const unreadable: PushMessage = {
  id: '',
  purpose: 'notice',
  urgent: false,
  language: 'zh-CN',
  title: '居家安全提醒 · Home safety notice',
  body: '请打开查看。 Open to view.',
  tag: null,
  url: null,
}

/** A message as it came, whole or not: what to show of it. */
export function noticeOf(text: string): Notice {
  const { purpose, urgent, language, title, body, tag, url } = messageIn(text)
  const secret = url === null ? null : secretIn(url)
  return {
    title,
    options: {
      body,
      lang: language,
      icon: '/icon.svg',
      ...(tag === null ? {} : { tag, renotify: purpose !== 'notice' }),
      requireInteraction: purpose === 'alarm' && urgent,
      data: { path: secret === null ? '/' : `/a/${secret}` },
    },
    secret,
  }
}

function messageIn(text: string): PushMessage {
  try {
    const given = JSON.parse(text) as Partial<PushMessage> | null
    if (typeof given?.title === 'string' && typeof given.body === 'string') return { ...unreadable, ...given }
  } catch {
    // Shown below.
  }
  return unreadable
}

/** The path alone: whatever name the server has outside, a touch opens it where this worker is from. */
const secretIn = (url: string): string | null => /\/a\/([A-Za-z0-9_-]{43})\/?$/.exec(url)?.[1] ?? null
