import type { PushMessage } from '@anju/contract/push-message'
import { expect, test } from 'vitest'
import { noticeOf } from './push-notice.ts'

const secret = 's'.repeat(43)
const message: PushMessage = {
  id: '01JGZZZZZZZZZZZZZZZZZZZZZZ',
  purpose: 'alarm',
  urgent: true,
  language: 'en',
  title: 'Home safety notice',
  body: '02:10: a notice needs your answer soon (ref. S1X3Y7).',
  tag: 'alarm-S1X3Y7',
  url: `https://anju.example.org/a/${secret}`,
}
const notice = (but: Partial<PushMessage> = {}) => noticeOf(JSON.stringify({ ...message, ...but }))

test('an alarm stays until somebody looks, sounds again each time, and leads to its question', () => {
  expect(notice()).toEqual({
    title: message.title,
    options: {
      body: message.body,
      lang: 'en',
      icon: '/icon.svg',
      tag: 'alarm-S1X3Y7',
      renotify: true,
      requireInteraction: true,
      data: { path: `/a/${secret}` },
    },
    secret,
  })
})

test('a stand-down takes its place aloud and waits for nobody; without a tag nothing is replaced', () => {
  const { options } = notice({ purpose: 'stand-down', url: null })
  expect(options).toMatchObject({ tag: 'alarm-S1X3Y7', renotify: true, requireInteraction: false, data: { path: '/' } })
  expect(notice({ tag: null }).options).not.toHaveProperty('renotify')
})

test.for(['https://elsewhere.example/a/short', 'javascript:alert(1)', `https://anju.example.org/b/${secret}`])(
  '%s leads home',
  (url) => {
    expect(notice({ url })).toMatchObject({ secret: null, options: { data: { path: '/' } } })
  },
)

test.for(['', 'null', '{', '[]', '{"title":1,"body":"b"}', '{"title":"t"}'])(
  'of %j something is shown all the same',
  (text) => {
    const { title, options } = noticeOf(text)
    expect(title).toContain('Home safety notice')
    expect(options.body).not.toBe('')
  },
)
