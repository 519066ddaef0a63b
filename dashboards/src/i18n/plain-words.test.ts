import { createIntl } from 'react-intl'
import { expect, test } from 'vitest'
import { en } from './messages-en.ts'
import { zh } from './messages-zh.ts'
import { plainWords } from './plain-words.ts'

test.for([
  ['zh-CN', zh],
  ['en', en],
] as const)(
  '%s: each message without values reads as the library reads it, and is put into words once',
  ([locale, messages]) => {
    const library = createIntl({ locale, messages })
    const plain = Object.entries(messages).filter(([, text]) => !/[{<']/.test(text))
    let asked = 0
    const intl = {
      ...library,
      formatMessage: ((descriptor: { id: string }) => {
        asked++
        return library.formatMessage(descriptor)
      }) as typeof library.formatMessage,
    }
    expect(plain.length).toBeGreaterThan(500)
    for (let round = 0; round < 3; round++)
      for (const [id] of plain) expect(plainWords(intl, id)).toBe(library.formatMessage({ id }))
    expect(asked).toBe(plain.length)
  },
)

test('another language says its own words', () => {
  const [chinese, english] = [createIntl({ locale: 'zh-CN', messages: zh }), createIntl({ locale: 'en', messages: en })]
  expect(plainWords(chinese, 'queue.title')).toBe(zh['queue.title'])
  expect(plainWords(english, 'queue.title')).toBe(en['queue.title'])
})
